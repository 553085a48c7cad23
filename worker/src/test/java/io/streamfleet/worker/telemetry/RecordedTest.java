package io.streamfleet.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.SpanContext;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.Manifest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.telemetry.OtlpReceiver.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The spans of one worker, and its handlers' view of them. */
class RecordedTest {

  private static final String UUID = "0193795b-9a5e-7cc0-8f12-6b2f4c3d2e1a";

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final CollectorRegistry registry = new CollectorRegistry();
  private final List<SpanContext> current = new CopyOnWriteArrayList<>();
  private final List<TraceContext> traces = new CopyOnWriteArrayList<>();
  private final RecordingHandler handler = new RecordingHandler(this::handle);

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  private Handled handle(Message message) throws Exception {
    current.add(io.opentelemetry.api.trace.Span.current().getSpanContext());
    message.trace().ifPresent(traces::add);
    if (message.channel().equals("bad")) {
      throw new PermanentFailure("what is this?");
    }
    if (message.channel().equals("again") && message.attempt() == 1) {
      throw new IllegalStateException("not yet");
    }
    return Handled.nothing();
  }

  private TestWorker worker(String endpoint, String ratio, Map<String, String> environment)
      throws Exception {
    String manifest =
        QuickManifest.calm()
            .with(
                "telemetry", "{traces: {endpoint: '" + endpoint + "', sampleRatio: " + ratio + "}}")
            .text();
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("OTEL_BSP_SCHEDULE_DELAY", "20");
    Tracing tracing =
        Telemetry.start(
            Manifest.read(manifest),
            variables,
            "w1",
            "test",
            new WorkerMetrics(registry, "test").spans());
    return TestWorker.start(manifest, "w1", handler, RedisSettings.plain(redis.url()), tracing);
  }

  private void publish(String channel, Map<String, String> fields) {
    Map<String, byte[]> all = new HashMap<>();
    fields.forEach((name, value) -> all.put(name, Traffic.text(value)));
    all.put("data", new PayloadWriter().write(Map.of("channel_id", channel)));
    traffic.redis().xadd("in", all);
  }

  private double spans(String result) {
    Double value =
        registry.getSampleValue(
            "streamfleet_spans_total", new String[] {"result"}, new String[] {result});
    return value == null ? -1 : value;
  }

  private boolean settled(int calls) {
    return handler.started().size() == calls && traffic.pending("in", "g") == 0;
  }

  @Test
  void theSpanIsCurrentWhereTheHandlerRunsAndADeadLetterIsItsChild() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        TestWorker _ =
            worker(collector.url(), "0", Map.of("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a"))) {
      publish("bad", Map.of("traceparent", TraceContextTest.VALID));
      await().until(() -> collector.span("send dlq").isPresent());

      Span attempt = collector.span("process in").orElseThrow();
      assertThat(current).extracting(SpanContext::getSpanId).containsExactly(attempt.spanId());
      assertThat(traces).extracting(TraceContext::parentId).containsExactly(attempt.spanId());
      assertThat(attempt.attribute("streamfleet.outcome")).isEqualTo("permanent_failure");
      assertThat(attempt.status()).contains("what is this?");
      Span letter = collector.span("send dlq").orElseThrow();
      assertThat(letter.parentId()).isEqualTo(attempt.spanId());
      assertThat(letter.attribute("streamfleet.dead_letter.reason")).isEqualTo("permanent_failure");
      assertThat(collector.headers().getFirst()).containsEntry("X-key", List.of("a"));
      await().until(() -> spans("exported") == 2);
    }
  }

  @Test
  void withoutAPublishersContextAllAttemptsAreOneTraceByTheTraceIdOfTheOriginal() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        TestWorker _ =
            worker(collector.url(), "1", Map.of("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"))) {
      publish("again", Map.of("trace_id", UUID));
      publish("again", Map.of("trace_id", "not a uuid", "traceparent", "invalid"));
      await().until(() -> collector.spans().size() == 4);

      List<String> ids = collector.spans().stream().map(Span::traceId).sorted().toList();
      assertThat(ids).contains(UUID.replace("-", ""));
      assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
      assertThat(ids.get(2)).isEqualTo(ids.get(3));
      assertThat(collector.spans()).extracting(Span::parentId).containsOnly("");
    }
  }

  @Test
  void theLatenciesOfARecordedTraceHaveItAsTheirExemplar() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        TestWorker worker = worker(collector.url(), "0", Map.of())) {
      publish("c", Map.of("traceparent", TraceContextTest.VALID));
      publish("d", Map.of());
      await().until(() -> settled(2) && !collector.spans().isEmpty());

      String exemplar =
          "# {span_id=\"%s\",trace_id=\"%s\"}"
              .formatted(
                  collector.span("process in").orElseThrow().spanId(), TraceContextTest.TRACE);
      for (String name : List.of("streamfleet_handler_seconds", "streamfleet_end_to_end_seconds")) {
        assertThat(worker.openMetrics().lines())
            .filteredOn(line -> line.startsWith(name) && line.contains("# {"))
            .singleElement()
            .asString()
            .contains(exemplar);
      }
    }
  }

  @Test
  void whatIsNotSampledIsToldToTheHandlerAndNotRecorded() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        TestWorker _ = worker(collector.url(), "0", Map.of())) {
      publish("c", Map.of());
      publish("d", Map.of("traceparent", TraceContextTest.VALID.replace("-01", "-00")));
      await().until(() -> settled(2));

      assertThat(traces).hasSize(2).noneMatch(TraceContext::sampled);
      assertThat(current)
          .hasSize(2)
          .allMatch(SpanContext::isValid)
          .noneMatch(SpanContext::isSampled);
      assertThat(current).extracting(SpanContext::getTraceId).contains(TraceContextTest.TRACE);
    }
    assertThat(spans("exported") + spans("failed") + spans("dropped")).isZero();
  }

  /** Only four spans may wait. */
  @Test
  void aCollectorThatIsAwayCostsSpansAndNoMessage() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver().refuses(true);
        TestWorker _ = worker(collector.url(), "1", Map.of("OTEL_BSP_MAX_QUEUE_SIZE", "4"))) {
      for (int i = 0; i < 200; i++) {
        publish("c" + i, Map.of());
      }
      await().until(() -> settled(200));
      await().until(() -> spans("dropped") > 0 && spans("failed") > 0);
      assertThat(spans("exported")).isZero();

      collector.refuses(false);
      await()
          .until(
              () -> {
                publish("c", Map.of());
                return !collector.spans().isEmpty();
              });
    }
  }
}
