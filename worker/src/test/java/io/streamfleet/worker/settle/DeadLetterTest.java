package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be handled becomes a dead letter, whole and at once. */
class DeadLetterTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, handler: {builtin: Discard}}
      retry: {maxAttempts: 2, initialBackoff: 10ms, maxBackoff: 100ms}
      deadLetter: {stream: dlq, maxLength: 100}
      """;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private List<Map<String, String>> letters() {
    return GroupView.entries(traffic, "dlq");
  }

  @Test
  void theLastAttemptThatFailsWritesALetterWithAllThatIsKnown() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              throw new TransientFailure("the mail server\nis away");
            });
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("data", new PayloadWriter().write(Map.of("channel_id", "c")));
    fields.put("ts", Traffic.text("12.5"));
    fields.put("trace_id", Traffic.text("t-1"));
    fields.put("schema_version", Traffic.text("1"));
    fields.put("tenant", Traffic.text("blue"));
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      String id = traffic.redis().xadd("in", fields);
      await().until(() -> letters().size() == 1);

      assertThat(group.isEmpty()).isTrue();
      assertThat(handler.started()).hasSize(2);
      Map<String, String> letter = letters().getFirst();
      assertThat(letter)
          .containsEntry("original_stream", "in")
          .containsEntry("original_msg_id", id)
          .containsEntry("error", "TransientFailure: the mail server is away")
          .containsEntry("attempt", "2")
          .containsEntry("reason", "max_attempts")
          .containsEntry("data", new String(fields.get("data"), StandardCharsets.UTF_8))
          .containsEntry("ts", "12.5")
          .containsEntry("trace_id", "t-1")
          .containsEntry("group", "g")
          .containsEntry("consumer", "w1")
          .containsEntry("field.schema_version", "1")
          .containsEntry("field.tenant", "blue")
          .hasSize(13);
      assertThat(Instant.parse(letter.get("failed_at"))).isBefore(Instant.now().plusSeconds(1));
      await()
          .until(
              () ->
                  worker.metric(
                          "streamfleet_entries_dead_lettered_total",
                          "stream",
                          "in",
                          "group",
                          "g",
                          "reason",
                          "max_attempts")
                      == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3_900, 3_901, 5_000, 20_000})
  void ofVeryManyFieldsALetterKeepsAsManyAsRedisLetsAScriptWrite(int many) throws Exception {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("data", new byte[] {(byte) 0xc1});
    for (int i = 0; i < many; i++) {
      fields.put("f" + i, Traffic.text("v" + i));
    }
    // The last ones of the entry, and yet never left out.
    fields.put("ts", Traffic.text("12.5"));
    fields.put("trace_id", Traffic.text("t-1"));
    try (TestWorker worker =
        TestWorker.start(MANIFEST, "w1", RecordingHandler.instant(), redis.url())) {
      String id = traffic.redis().xadd("in", fields);
      await().until(() -> letters().size() == 1);

      assertThat(group.isEmpty()).isTrue();
      Map<String, String> letter = letters().getFirst();
      assertThat(letter)
          .containsEntry("original_msg_id", id)
          .containsEntry("reason", "undecodable")
          .containsEntry("ts", "12.5")
          .containsEntry("trace_id", "t-1")
          .containsEntry("field.f0", "v0")
          .containsEntry("field.f3899", "v3899")
          .doesNotContainKey("field.f3900")
          .hasSize(11 + 3_900 + (many > 3_900 ? 1 : 0));
      assertThat(letter.get("fields_left_out"))
          .isEqualTo(many > 3_900 ? Integer.toString(many - 3_900) : null);
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              throw new PermanentFailure("no such user");
            });
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> letters().size() == 1);

      assertThat(group.isEmpty()).isTrue();
      assertThat(handler.started()).hasSize(1);
      assertThat(letters().getFirst())
          .containsEntry("reason", "permanent_failure")
          .containsEntry("attempt", "1")
          .containsEntry("error", "PermanentFailure: no such user");
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void poisonOfEveryKindGoesAtOnceAndTheRestFlowsOn() throws Exception {
    RecordingHandler handler = RecordingHandler.instant();
    byte[] good = new PayloadWriter().write(Map.of("channel_id", "c", "text", "hello"));
    byte[] truncated = java.util.Arrays.copyOf(good, good.length - 3);
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      traffic.redis().xadd("in", Map.of("ts", Traffic.text("1")));
      traffic.publishRaw("in", new byte[0]);
      traffic.publishRaw("in", new byte[] {(byte) 0xc1, 7, 7});
      traffic.publishRaw("in", truncated);
      traffic.publishRaw("in", Traffic.text("[1,2]"));
      traffic.publishRaw("in", Traffic.text("{\"channel_id\":"));
      traffic.redis().xadd("in", Map.of("data", good, "schema_version", Traffic.text("2")));
      traffic.publish("in", "c");
      await().until(() -> letters().size() == 7 && handler.finished().size() == 2);

      await().until(group::isEmpty);
      assertThat(handler.started()).hasSize(2);
      assertThat(letters())
          .extracting(letter -> letter.get("reason"))
          .containsExactly(
              "undecodable",
              "undecodable",
              "undecodable",
              "undecodable",
              "undecodable",
              "undecodable",
              "schema");
      assertThat(letters()).allSatisfy(letter -> assertThat(letter.get("error")).isNotBlank());
      assertThat(letters()).allSatisfy(letter -> assertThat(letter).containsEntry("attempt", "1"));
      assertThat(worker.ready()).isTrue();
    }
  }

  @Test
  void aboutAsManyLettersAreKeptAsTheManifestSays() throws Exception {
    try (TestWorker worker =
        TestWorker.start(MANIFEST, "w1", RecordingHandler.instant(), redis.url())) {
      for (int i = 0; i < 600; i++) {
        traffic.publishRaw("in", new byte[] {(byte) 0xc1});
      }
      await()
          .until(
              () ->
                  worker.metric(
                          "streamfleet_entries_dead_lettered_total",
                          "stream",
                          "in",
                          "group",
                          "g",
                          "reason",
                          "undecodable")
                      == 600);
      // Redis trims whole nodes of its tree, of a hundred entries each.
      assertThat(traffic.redis().xlen("dlq")).isBetween(100L, 250L);
    }
  }
}
