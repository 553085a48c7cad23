package io.streamfleet.worker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.process.health.Health;
import io.streamfleet.redis.Subscription;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.control.SettingsSign;
import io.streamfleet.worker.handle.HandlerFactory;
import io.streamfleet.worker.pipeline.LiveSettings;
import io.streamfleet.worker.pipeline.Pipeline;
import io.streamfleet.worker.settings.ChangingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a worker while it runs: brings changed settings to them, to those as well that
 * are made after the change, for Redis may be waited for meanwhile; and shows which settings they
 * go by. Safe for any thread.
 */
public final class WorkerPipelines implements ChangingSettings.Workers {

  /** A loop that has not turned for this long is stuck: it wakes at least twice a second. */
  private static final Duration LOOP_BOUND = Duration.ofSeconds(30);

  /** A loop turns some hundred times a second; who asks over HTTP waits a moment at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HandlerFactory handlers;
  private final SettingsSign sign = new SettingsSign();
  private List<Pipeline> consumers = List.of();
  private @Nullable StreamConsumerGroupSpec changed;

  WorkerPipelines(HandlerFactory handlers) {
    this.handlers = handlers;
  }

  /** These are the pipelines from now on. */
  synchronized void up(List<Pipeline> made, Subscription listening, NoticeChannels notices) {
    consumers = List.copyOf(made);
    StreamConsumerGroupSpec settings = changed;
    if (settings != null) {
      bring(settings);
    }
    sign.up(listening, notices);
  }

  /** They end, or were given up. */
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
   * What is in flight in all of them, as JSON.
   *
   * @throws TimeoutException when a loop is too busy to tell
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
        // One after the other: they add to one list.
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

  /** A worker one of whose pipelines is stuck is not alive. */
  static void requireForLife(Pipeline consumer, Health health, LongSupplier nanoTime) {
    health.requireForLife(consumer.settings().name(), () -> stuck(consumer, nanoTime.getAsLong()));
  }

  /** What keeps a pipeline from its work, if anything. */
  private static Optional<String> stuck(Pipeline consumer, long now) {
    long nanos = now - consumer.lastTurn();
    return nanos < LOOP_BOUND.toNanos()
        ? Optional.empty()
        : Optional.of("the loop has not turned for " + Duration.ofNanos(nanos).toSeconds() + " s");
  }
}
