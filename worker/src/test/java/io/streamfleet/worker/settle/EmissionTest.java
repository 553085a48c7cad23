package io.streamfleet.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.WirePayload;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a handler emits goes out with the acknowledgement of its entry. */
class EmissionTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, handler: {builtin: Discard}}
      outbound:
        platforms: [mail]
        streamTemplate: "out:{platform}"
        group: gateways
        handler: {builtin: Discard}
      """;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private List<StreamMessage<String, byte[]>> emitted(String platform) {
    return traffic.redis().xrange("out:" + platform, Range.unbounded());
  }

  private static byte[] data(StreamMessage<String, byte[]> message) {
    return message.getBody().getOrDefault("data", new byte[0]);
  }

  @Test
  void messagesAreAppendedInOrderInTheWireFormatAndHandledInTheirTurn() throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message ->
                message.stream().equals("in")
                    ? Handled.emitting(
                        new OutboundMessage("mail", Map.of("channel_id", "c", "n", 1)),
                        new OutboundMessage("mail", Map.of("channel_id", "c", "n", 2)),
                        new OutboundMessage("chat", Map.of("n", 3)))
                    : Handled.nothing());
    try (TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, redis.url())) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 3);
      await().until(group::isEmpty);

      assertThat(emitted("mail"))
          .hasSize(2)
          .allSatisfy(
              message -> {
                assertThat(message.getBody()).containsOnlyKeys("data", "ts", "trace_id");
                assertThat(new String(message.getBody().get("trace_id"), StandardCharsets.UTF_8))
                    .startsWith("trace-");
                byte[] data = data(message);
                assertThat(new HeaderScan("channel_id").scan(data).channel()).isEqualTo("c");
                assertThat(data[0]).as("a msgpack map").isEqualTo((byte) 0x82);
                double ts =
                    Double.parseDouble(
                        new String(message.getBody().get("ts"), StandardCharsets.UTF_8));
                assertThat(ts).isGreaterThan(1.7e9);
              });
      assertThat(emitted("mail"))
          .extracting(message -> String.valueOf(new WirePayload(data(message)).toMap().get("n")))
          .containsExactly("1", "2");
      assertThat(emitted("chat")).hasSize(1);
      assertThat(worker.metric("streamfleet_outbound_emitted_total", "stream", "out:mail"))
          .isEqualTo(2);
    }
  }

  @Test
  void nothingIsEmittedTwiceWhenTheReplyOfTheAcknowledgementIsLost() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (message.channel().equals("waits")) {
                mayEnd.await();
              }
              return Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)));
            });
    try (FaultyLink link = FaultyLink.to(redis);
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, link.url())) {
      // Redis knows the script from now on: what is sent below is done at once.
      traffic.publish("in", "c");
      await().until(() -> emitted("chat").size() == 1);
      traffic.publish("in", "waits");
      await().until(() -> handler.started().size() == 2);
      link.stallReplies();
      mayEnd.countDown();
      await().until(() -> emitted("chat").size() == 2);
      link.cut();
      link.restore();
      // A later message has made its way: what was to be sent again has been.
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 3 && group.isEmpty());
      await().until(worker::ready);

      assertThat(emitted("chat")).hasSize(3);
      assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsOnly(1);
    }
  }

  /**
   * The first message of the answer is for a platform that is served, and must not go out alone.
   */
  @Test
  void anAnswerForAPlatformThatNobodyServesIsADeadLetterWhereTheManifestRefusesIt()
      throws Exception {
    String manifest =
        MANIFEST.replace("group: gateways", "group: gateways\n  unservedPlatforms: Refuse");
    RecordingHandler handler =
        new RecordingHandler(
            message ->
                message.stream().equals("in")
                    ? Handled.emitting(
                        new OutboundMessage("mail", Map.of("n", 1)),
                        new OutboundMessage(message.channel(), Map.of("n", 2)))
                    : Handled.nothing());
    try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      traffic.publish("in", "chat");
      await().until(() -> traffic.redis().xlen("sg:stream:dlq") == 1);
      await().until(group::isEmpty);
      assertThat(emitted("mail")).isEmpty();
      assertThat(emitted("chat")).isEmpty();
      assertThat(
              worker.metric(
                  "streamfleet_entries_dead_lettered_total",
                  "stream",
                  "in",
                  "group",
                  "g",
                  "reason",
                  "permanent_failure"))
          .isEqualTo(1);
      assertThat(traffic.redis().xrange("sg:stream:dlq", Range.unbounded()).getFirst().getBody())
          .extractingByKey("error")
          .satisfies(
              error ->
                  assertThat(new String(error, StandardCharsets.UTF_8))
                      .isEqualTo(
                          "the handler emitted a message that cannot be sent: the platform chat is not"
                              + " served: it is not in spec.outbound.platforms, and"
                              + " spec.outbound.unservedPlatforms refuses others"));

      traffic.publish("in", "mail");
      await().until(() -> emitted("mail").size() == 2 && group.isEmpty());
      assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsOnly(1);
    }
  }

  /** A platform comes from outside, and may lead into what the fleet reads, or to the dead. */
  @Test
  void anAnswerThatWouldComeBackIsADeadLetterThatSaysWhy() throws Exception {
    String manifest =
        MANIFEST
                .replace("streams: [in]", "streams: [in, 'out:inbound']")
                .replace("platforms: [mail]", "platforms: [mail, chat]")
            + "deadLetter: {stream: 'out:dlq'}\n";
    RecordingHandler handler =
        new RecordingHandler(
            message -> Handled.emitting(new OutboundMessage(message.channel(), Map.of("n", 1))));
    try (TestWorker worker = TestWorker.start(manifest, "w1", handler, redis.url())) {
      traffic.publish("in", "inbound");
      traffic.publish("in", "dlq");
      traffic.publish("out:mail", "mail");
      await().until(() -> traffic.redis().xlen("out:dlq") == 3);
      traffic.publish("out:mail", "chat");
      await().until(() -> emitted("chat").size() == 1);

      assertThat(emitted("inbound")).isEmpty();
      assertThat(emitted("mail")).hasSize(2);
      assertThat(emitted("dlq"))
          .extracting(letter -> new String(letter.getBody().get("error"), StandardCharsets.UTF_8))
          .satisfiesExactlyInAnyOrder(
              error -> assertThat(error).contains("goes to out:inbound, an inbound stream"),
              error -> assertThat(error).contains("out:dlq, the stream of the dead letters"),
              error -> assertThat(error).contains("out:mail, where the message itself came from"));
    }
  }
}
