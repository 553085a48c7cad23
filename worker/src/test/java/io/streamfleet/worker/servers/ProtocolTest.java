package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.protocol.ProtocolVersion;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two versions of the protocol give the same. */
class ProtocolTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, handler: {builtin: Discard}}
      retry: {maxAttempts: 3, initialBackoff: 10ms, maxBackoff: 50ms}
      autoclaim: {interval: 300ms, minIdle: 500ms}
      deadLetter: {stream: dlq}
      """;

  private static RedisSettings settings(String url, ProtocolVersion protocol) {
    return new RedisSettings(
        url,
        false,
        protocol == ProtocolVersion.RESP2,
        Duration.ofSeconds(10),
        () -> Credentials.NONE,
        true,
        "the worker under test");
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void batchesTrimmedEntriesRetriesLettersAndEmissionsAreRead(ProtocolVersion protocol)
      throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message ->
                switch (message.channel()) {
                  case "never" -> throw new PermanentFailure("no");
                  case "fails" -> {
                    if (message.attempt() == 1) {
                      throw new TransientFailure("not yet");
                    }
                    yield Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)));
                  }
                  default -> Handled.nothing();
                });
    try (RedisServer redis = RedisServer.plain();
        Traffic traffic = new Traffic(redis.url())) {
      GroupView group = new GroupView(traffic, "in", "g").created();
      String[] trimmed = {traffic.publish("in", "gone"), traffic.publish("in", "gone")};
      group.deliverTo("w1", 1);
      group.deliverTo("ghost", 1);
      traffic.redis().xdel("in", trimmed);
      for (int i = 0; i < 500; i++) {
        traffic.publish("in", "c" + i % 7);
      }
      traffic.publish("in", "fails");
      traffic.publish("in", "never");
      try (TestWorker worker =
          TestWorker.start(MANIFEST, "w1", handler, settings(redis.url(), protocol))) {
        await().until(() -> traffic.redis().xlen("dlq") == 3 && handler.finished().size() == 501);
        await().until(group::isEmpty);

        assertThat(traffic.redis().clientList().lines())
            .filteredOn(line -> line.contains("name=the-worker-under-test"))
            .isNotEmpty()
            .allMatch(
                line -> line.contains(protocol == ProtocolVersion.RESP2 ? "resp=2" : "resp=3"));
        assertThat(handler.finished().stream().map(RecordingHandler.Call::id).distinct())
            .hasSize(501);
        assertThat(handler.overlaps()).isEmpty();
        assertThat(GroupView.entries(traffic, "dlq"))
            .extracting(letter -> letter.get("reason"))
            .containsExactlyInAnyOrderElementsOf(
                List.of("payload_lost", "payload_lost", "permanent_failure"));
        assertThat(traffic.redis().xlen("sg:stream:outbound:chat")).isEqualTo(1);
        assertThat(worker.drain()).isTrue();
      }
      assertThat(group.consumers()).containsExactly("ghost");
    }
  }
}
