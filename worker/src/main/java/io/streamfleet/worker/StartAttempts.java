package io.streamfleet.worker;

import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a worker, and retries until Redis is available.
 *
 * @param stopAsked reaches zero when the worker is asked to stop
 */
record StartAttempts(CountDownLatch stopAsked, WorkerMetrics metrics, LongSupplier nanoTime) {

  private static final Logger LOG = LoggerFactory.getLogger(StartAttempts.class);

  /** Between two attempts; at most 5 s, so that a worker starts soon after Redis is back. */
  private static final Backoff CONNECTING =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

  /**
   * Runs {@code start} until it succeeds. Any {@link RuntimeException} counts as a failed attempt.
   *
   * @param dismantle releases what a failed attempt has created
   * @return false if a stop was requested before an attempt succeeded
   */
  boolean start(Runnable start, Runnable dismantle) throws InterruptedException {
    Sparingly waiting = new Sparingly(Duration.ofMinutes(1), nanoTime);
    String said = "";
    for (int attempt = 1; stopAsked.getCount() > 0; attempt++) {
      try {
        start.run();
        return true;
      } catch (RuntimeException e) {
        metrics.redisFailed("connect");
        String why = Failures.line(Failures.root(e));
        if (!why.equals(said)) {
          waiting.over(_ -> {});
          said = why;
        }
        waiting.say(
            unsaid ->
                LOG.atWarn().addKeyValue("failure", why).log("cannot start yet; trying again"));
        dismantle.run();
      }
      Duration pause = CONNECTING.after(attempt, RandomGenerator.getDefault());
      if (stopAsked.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }
}
