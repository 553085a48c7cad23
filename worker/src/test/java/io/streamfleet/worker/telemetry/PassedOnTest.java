package io.streamfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Where no traces are recorded, the context of a message goes wherever the message goes. */
class PassedOnTest {

  private static final String STATE = "congo=t61rcWkgMzE";

  private final Map<String, Optional<TraceContext>> seen = new ConcurrentHashMap<>();

  private static void publish(Fleet fleet, String channel, String traceparent) {
    fleet
        .traffic()
        .redis()
        .xadd(
            "in",
            Map.of(
                "tracestate", Traffic.text(STATE),
                "data", new PayloadWriter().write(Map.of("channel_id", channel)),
                "traceparent", Traffic.text(traceparent)));
  }

  private static List<Map<String, String>> entries(Fleet fleet, String stream) {
    return fleet.traffic().redis().xrange(stream, Range.unbounded()).stream()
        .map(
            entry -> {
              Map<String, String> fields = new TreeMap<>();
              entry
                  .getBody()
                  .forEach(
                      (name, value) -> fields.put(name, new String(value, StandardCharsets.UTF_8)));
              return fields;
            })
        .toList();
  }

  private RecordingHandler handler() {
    return new RecordingHandler(
        message -> {
          seen.put(message.channel() + message.attempt(), message.trace());
          if (message.channel().equals("bad")) {
            throw new PermanentFailure("no");
          }
          if (message.channel().equals("again") && message.attempt() == 1) {
            throw new IllegalStateException("not yet");
          }
          return Handled.emitting(new OutboundMessage("chat", Map.of("n", 1)));
        });
  }

  @Test
  void toTheHandlerInEachAttemptToWhatItEmitsAndToTheDeadLetter() throws Exception {
    try (Fleet fleet = new Fleet()) {
      fleet.worker(QuickManifest.calm(), handler());
      publish(fleet, "again", TraceContextTest.VALID);
      publish(fleet, "bad", TraceContextTest.VALID);
      await().until(() -> seen.size() == 3 && fleet.hasNothingPending());

      TraceContext context = new TraceContext(TraceContextTest.VALID, STATE);
      assertThat(seen)
          .containsOnlyKeys("again1", "again2", "bad1")
          .allSatisfy((_, trace) -> assertThat(trace).contains(context));
      assertThat(entries(fleet, "sg:stream:outbound:chat"))
          .singleElement()
          .satisfies(
              emitted ->
                  assertThat(emitted)
                      .containsEntry("traceparent", TraceContextTest.VALID)
                      .containsEntry("tracestate", STATE));
      assertThat(entries(fleet, "dlq"))
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(letter)
                      .containsEntry("field.traceparent", TraceContextTest.VALID)
                      .containsEntry("field.tracestate", STATE));
    }
  }

  @Test
  void aTraceparentThatIsInvalidCountsAsAbsentAndCostsNoMessage() throws Exception {
    try (Fleet fleet = new Fleet()) {
      fleet.worker(QuickManifest.calm(), handler());
      publish(fleet, "c", "00-what-ever-01");
      await().until(() -> seen.size() == 1 && fleet.hasNothingPending());

      assertThat(seen.get("c1")).isEmpty();
      assertThat(entries(fleet, "sg:stream:outbound:chat"))
          .singleElement()
          .satisfies(
              emitted -> assertThat(emitted).doesNotContainKeys("traceparent", "tracestate"));
    }
  }
}
