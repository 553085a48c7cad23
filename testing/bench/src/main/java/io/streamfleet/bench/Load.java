package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The latency of a contender under a steady load.
 *
 * @param start microseconds from when an entry should be added to the start of its handler
 * @param acknowledged the same to its acknowledgement, for a sample; empty without a stream
 * @param secondsBehind the backlog of contender and publisher at the end, as time at this rate
 */
record Load(Histogram start, Optional<Histogram> acknowledged, double secondsBehind) {

  /** A contender no further behind than this at the end has kept up with the load. */
  private static final double MAX_SECONDS_BEHIND = 1;

  /** Lets the JIT compile most of a contender; not recorded. */
  static final Duration WARM_UP = Duration.ofSeconds(5);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  /** A contender without progress for this long does not catch up any more. */
  private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Whether the contender kept up; otherwise the latencies only reflect how long it was measured.
   */
  boolean held() {
    return secondsBehind <= MAX_SECONDS_BEHIND;
  }

  /**
   * Applies the load for a while.
   *
   * @param warmUp entries per second during the warm-up, which is not recorded
   */
  static Load run(
      Lab lab,
      Contender contender,
      String stream,
      Course course,
      double warmUp,
      double perSecond,
      Duration duration)
      throws IOException, InterruptedException {
    Path file = lab.folder().resolve("latency.hdr").toAbsolutePath();
    Files.deleteIfExists(file);
    contender.clear(lab, stream);
    contender.fill(lab, stream, course.messages(), 0);
    Work work = Work.of(stream, course.ordered(), new Work.Timed(file));
    try (Child child = contender.start(lab, work, "latency");
        AckWatch watch = new AckWatch(lab.redis().url(), stream, Lab.GROUP)) {
      long before =
          contender.publisher(lab, stream, course.messages(), warmUp).publish(WARM_UP, false);
      lab.await(contender, child, stream, before);
      Publisher publisher = contender.publisher(lab, stream, course.messages(), perSecond);
      boolean watched = publisher.watchedBy(watch);
      long begin = System.nanoTime();
      long all = before + publisher.publish(duration, true);
      double late = (System.nanoTime() - begin - duration.toNanos()) / 1e9;
      Progress end = contender.progress(lab, stream);
      double behind = Math.max(0, late) + (all - end.acknowledged()) / perSecond;
      if (behind <= MAX_SECONDS_BEHIND) {
        lab.await(contender, child, stream, all);
        awaitSeen(watch);
      }
      Optional<Histogram> acknowledged = watched ? Optional.of(watch.micros()) : Optional.empty();
      child.terminate();
      return new Load(Stopwatch.read(file), acknowledged, behind);
    } finally {
      contender.clear(lab, stream);
    }
  }

  private static void awaitSeen(AckWatch watch) throws InterruptedException {
    long since = System.nanoTime();
    while (watch.open() > 0) {
      if (System.nanoTime() - since > CATCH_UP_TIMEOUT.toNanos()) {
        throw new IllegalStateException(
            "%d acknowledgements were not seen, though all were made".formatted(watch.open()));
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }
}
