package io.streamfleet.worker.fleet;

import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.process.health.Health;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.Worker;
import io.streamfleet.worker.begun.BegunEntries;
import io.streamfleet.worker.handle.HandlerFactory;
import io.streamfleet.worker.metrics.GroupGauges;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.telemetry.NoTracing;
import io.streamfleet.worker.telemetry.Tracing;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker in this JVM, with a handler of the test's instead of the manifest's. */
public final class TestWorker implements AutoCloseable {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Health health = new Health();
  private final Worker worker;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  private TestWorker(
      String manifest,
      String consumer,
      BegunEntries begun,
      MessageHandler handler,
      RedisSettings redis,
      Tracing tracing)
      throws Exception {
    StreamConsumerGroupSpec spec = Manifest.read(manifest).spec();
    HandlerFactory handlers =
        new HandlerFactory() {
          @Override
          public MessageHandler inbound(HandlerSpec ignored) {
            return handler;
          }

          @Override
          public MessageHandler outbound(HandlerSpec ignored, String platform) {
            return handler;
          }
        };
    GroupGauges gauges =
        new GroupGauges(Duration.ofSeconds(15), System::nanoTime).register(registry);
    worker =
        new Worker(
            spec,
            consumer,
            begun,
            handlers,
            redis,
            new WorkerMetrics(registry, "test"),
            health,
            gauges,
            tracing);
    worker.prepare();
    Thread.ofPlatform()
        .name("worker " + consumer)
        .start(
            () -> {
              try {
                ended.complete(worker.run());
              } catch (Exception e) {
                ended.completeExceptionally(e);
              }
            });
  }

  /** Starts a worker and waits until it is ready. */
  public static TestWorker start(
      String manifest, String consumer, MessageHandler handler, RedisSettings redis)
      throws Exception {
    return start(manifest, consumer, handler, redis, NoTracing.OFF);
  }

  /** Starts a worker that records traces, and waits until it is ready. */
  public static TestWorker start(
      String manifest,
      String consumer,
      MessageHandler handler,
      RedisSettings redis,
      Tracing tracing)
      throws Exception {
    TestWorker worker =
        new TestWorker(manifest, consumer, BegunEntries.none(), handler, redis, tracing);
    try {
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
      return worker;
    } catch (RuntimeException e) {
      worker.close();
      throw e;
    }
  }

  /** Starts a worker that may have to wait for Redis. */
  public static TestWorker launch(
      String manifest, String consumer, MessageHandler handler, RedisSettings redis)
      throws Exception {
    return new TestWorker(manifest, consumer, BegunEntries.none(), handler, redis, NoTracing.OFF);
  }

  /** Starts a worker against a server that asks for nothing. */
  public static TestWorker start(
      String manifest, String consumer, MessageHandler handler, String redisUrl) throws Exception {
    return start(manifest, consumer, handler, RedisSettings.plain(redisUrl));
  }

  public boolean ready() {
    return health.readinessProblems().isEmpty();
  }

  /** Whether it has ended, drained or not. */
  public boolean ended() {
    return ended.isDone();
  }

  public Health health() {
    return health;
  }

  /** What it tells of the entries that it has in flight. */
  public String inFlight() throws Exception {
    return worker.pipelines().inFlight();
  }

  /** Brings it another manifest, of which it takes what is live. */
  public void change(String manifest) {
    worker.pipelines().change(Manifest.read(manifest).spec());
  }

  /** Makes it one of a fleet, as which the operator counts it. */
  public void isOf(String namespace, String name) {
    Manifest manifest =
        Manifest.read(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {namespace: %s, name: %s}
            spec:
              redis: {url: "redis://redis:6379"}
              inbound: {streams: [in], handler: {builtin: Discard}}
            """
                .formatted(namespace, name));
    worker.pipelines().tell(manifest, "v1", false);
  }

  /** Drains as SIGTERM does; whether everything in flight was settled. */
  public boolean drain() throws Exception {
    worker.stop();
    return ended.get(60, TimeUnit.SECONDS);
  }

  /**
   * A sample of a metric by its name and labels given as {@code name, value} pairs; 0 if absent.
   */
  public double metric(String name, String... labels) {
    String[] names = new String[labels.length / 2];
    String[] values = new String[labels.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = labels[2 * i];
      values[i] = labels[2 * i + 1];
    }
    @Nullable Double value = registry.getSampleValue(name, names, values);
    return value == null ? 0 : value;
  }

  /** All metrics as a reader of OpenMetrics gets them. */
  public String openMetrics() throws IOException {
    StringWriter text = new StringWriter();
    TextFormat.writeOpenMetrics100(text, registry.metricFamilySamples());
    return text.toString();
  }

  @Override
  public void close() throws Exception {
    drain();
  }
}
