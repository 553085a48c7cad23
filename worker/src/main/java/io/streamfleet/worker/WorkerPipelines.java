package io.streamfleet.worker;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.worker.pipeline.Consumer;
import io.streamfleet.worker.pipeline.LiveSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines of a worker: brings changed settings to them, to those as well that are made after the
 * change: Redis may be waited for meanwhile. Safe for any thread.
 */
final class WorkerPipelines {

  /** A loop that has not turned for this long is stuck: it wakes at least twice a second. */
  private static final Duration LOOP_BOUND = Duration.ofSeconds(30);

  private List<Consumer> consumers = List.of();
  private @Nullable StreamConsumerGroupSpec changed;

  /** These are the pipelines from now on. */
  synchronized void of(List<Consumer> made) {
    consumers = List.copyOf(made);
    StreamConsumerGroupSpec settings = changed;
    if (settings != null) {
      bring(settings);
    }
  }

  /** These are the settings from now on. */
  synchronized void change(StreamConsumerGroupSpec settings) {
    changed = settings;
    bring(settings);
  }

  /** What keeps a pipeline from its work, if anything. */
  static Optional<String> stuck(Consumer consumer, long now) {
    long nanos = now - consumer.lastTurn();
    return nanos < LOOP_BOUND.toNanos()
        ? Optional.empty()
        : Optional.of("the loop has not turned for " + Duration.ofNanos(nanos).toSeconds() + " s");
  }

  private void bring(StreamConsumerGroupSpec settings) {
    for (Consumer consumer : consumers) {
      consumer.change(LiveSettings.of(settings, consumer.settings().platform()));
    }
  }
}
