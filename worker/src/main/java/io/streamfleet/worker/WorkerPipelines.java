package io.streamfleet.worker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.process.health.Health;
import io.streamfleet.redis.Subscription;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.control.FleetSign;
import io.streamfleet.worker.handle.HandlerFactory;
import io.streamfleet.worker.pipeline.LiveSettings;
import io.streamfleet.worker.pipeline.Pipeline;
import io.streamfleet.worker.settings.ChangingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a running worker. Applies changed settings to them, also to pipelines that are
 * created later, because the worker may still be waiting for Redis; and publishes which settings
 * are in force, and which handlers are unavailable. Thread-safe.
 */
public final class WorkerPipelines implements ChangingSettings.Workers {

  /** A loop that has done nothing for this long is stuck: it wakes at least twice a second. */
  private static final Duration LOOP_BOUND = Duration.ofSeconds(30);

  /** A loop answers within milliseconds unless it is stuck; an HTTP client should not wait long. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HandlerFactory handlers;
  private final FleetSign sign = new FleetSign(this::unavailable);
  private final Map<String, Breaker> breakers = new ConcurrentSkipListMap<>();
  private List<Pipeline> consumers = List.of();
  private @Nullable StreamConsumerGroupSpec changed;

  WorkerPipelines(HandlerFactory handlers) {
    this.handlers = handlers;
  }

  /** The loops with an open breaker. */
  private List<String> unavailable() {
    return breakers.entrySet().stream()
        .filter(it -> it.getValue().isOpen())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Sets the running pipelines, and applies the settings that changed before. */
  synchronized void up(List<Pipeline> made, Subscription listening, NoticeChannels notices) {
    consumers = List.copyOf(made);
    consumers.forEach(this::listen);
    StreamConsumerGroupSpec settings = changed;
    if (settings != null) {
      bring(settings);
    }
    sign.up(listening, notices);
  }

  /** The breaker of a loop is the same in all attempts to start: one listener is enough. */
  private void listen(Pipeline consumer) {
    Breaker breaker = consumer.breaker();
    if (breakers.put(consumer.settings().name(), breaker) == null) {
      breaker.listen(sign::update);
    }
  }

  /** Forgets the pipelines: they are about to drain, or their start failed. */
  synchronized void down() {
    sign.down();
    consumers = List.of();
  }

  @Override
  public synchronized void change(StreamConsumerGroupSpec settings) {
    changed = settings;
    handlers.change(settings);
    bring(settings);
  }

  @Override
  public void tell(Manifest manifest, String version, boolean refused) {
    sign.show(manifest.namespace(), manifest.name(), version, refused);
  }

  /**
   * What is in flight in all pipelines, as JSON.
   *
   * @throws TimeoutException if a loop does not answer within 2 s
   */
  public String inFlight() throws TimeoutException, InterruptedException {
    List<Pipeline> asked;
    synchronized (this) {
      asked = consumers;
    }
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ArrayNode streams = report.putArray("streams");
    try {
      for (Pipeline pipeline : asked) {
        // One after the other, since all add to the same list.
        pipeline.reportInFlight(streams).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("what is in flight could not be told", e.getCause());
    }
    return report + "\n";
  }

  private void bring(StreamConsumerGroupSpec settings) {
    for (Pipeline consumer : consumers) {
      consumer.change(LiveSettings.of(settings, consumer.settings().platform()));
    }
  }

  /** Fails the liveness probe while this pipeline's loop is stuck. */
  static void requireForLife(Pipeline consumer, Health health, LongSupplier nanoTime) {
    health.requireForLife(consumer.settings().name(), () -> stuck(consumer, nanoTime.getAsLong()));
  }

  /** Says for how long the loop has done nothing, if it is stuck. */
  private static Optional<String> stuck(Pipeline consumer, long now) {
    long nanos = now - consumer.lastTurn();
    return nanos < LOOP_BOUND.toNanos()
        ? Optional.empty()
        : Optional.of("the loop has not turned for " + Duration.ofNanos(nanos).toSeconds() + " s");
  }
}
