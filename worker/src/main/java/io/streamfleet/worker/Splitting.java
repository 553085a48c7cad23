package io.streamfleet.worker;

import io.streamfleet.redis.RedisConnector;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.partition.SplitSource;
import io.streamfleet.worker.partition.Splitter;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The splitter of a worker and its thread, if the manifest wants the plain stream to be split. */
final class Splitting implements AutoCloseable {

  /** A step takes milliseconds, or ends by the time-out of a command when Redis is away. */
  private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

  private final Optional<Splitter> splitter;
  private @Nullable Thread thread;

  /**
   * @param source the plain stream, if one is to be split
   */
  Splitting(Optional<SplitSource> source, RedisConnector connector, WorkerMetrics metrics) {
    this.splitter =
        source.map(
            plain ->
                new Splitter(
                    connector, plain, metrics, System::nanoTime, RandomGenerator.getDefault()));
  }

  void start() {
    thread = splitter.map(Thread.ofVirtual().name("splitter")::start).orElse(null);
  }

  /** Why nothing is split, if calls have failed for a while. Thread-safe. */
  Optional<String> problem() {
    return splitter.flatMap(Splitter::problem);
  }

  /** Ends it after its current step, so that another worker goes on at once. */
  void stop() {
    splitter.ifPresent(Splitter::stop);
  }

  /** Waits for the end. */
  @Override
  public void close() throws InterruptedException {
    stop();
    Thread running = thread;
    if (running != null) {
      running.join(LONGEST_STEP);
      thread = null;
    }
  }
}
