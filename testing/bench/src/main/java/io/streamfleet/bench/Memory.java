package io.streamfleet.bench;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Lines;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures whether a small heap is enough over time. */
final class Memory {

  private static final String STREAM = "bench:memory";

  private static final Contender WORKER = new WorkerContender();

  /** The same as {@code read.maxInFlight} of {@link WorkerContender}. */
  private static final long IN_FLIGHT = 10_000;

  /** Half of what one core handles easily: the subject is the heap, not the rate. */
  private static final int PER_SECOND = 2_000;

  /** Enough channels for most to be used once and removed again. */
  private static final int CHANNELS = 100_000;

  /** Time to load classes and fill pools. */
  private static final Duration SETTLE = Duration.ofSeconds(5);

  /**
   * The interval of measurements: each one runs a full collection, which must not affect the work.
   */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  private final Lab lab;
  private final Duration duration;

  Memory(Lab lab, Duration duration) {
    this.lab = lab;
    this.duration = duration;
  }

  Findings run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Memory",
            """
            Live heap is what a full collection leaves, in MiB. The first row has handlers that \
            wait 200 ms, so that the maximum number of entries is in flight; the second runs \
            longer, with many rarely used channels. Resident is the resident set of the whole \
            process at the end.\
            """,
            List.of(
                "what",
                "entries",
                "most pending",
                "live MiB, first",
                "live MiB, last",
                "resident MiB"));
    full(table);
    Lines overTime = steady(table);
    return new Findings(List.of(table), List.of(new Figure("memory.svg", overTime)));
  }

  private void full(Table table) throws IOException, InterruptedException {
    long entries = 20 * IN_FLIGHT;
    lab.redis().fill(STREAM, new Messages(CHANNELS), entries);
    lab.redis().rewind(STREAM, Lab.GROUP);
    Work work = Work.of(STREAM, false, new Work.Wait(Duration.ofMillis(200)));
    try (Child worker = WORKER.start(lab, work, "memory-full")) {
      long most = lab.awaitPending(worker, STREAM, IN_FLIGHT);
      double first = LiveHeap.mebibytes(worker);
      lab.await(WORKER, worker, STREAM, entries);
      double resident = ResidentSet.mebibytes(worker);
      double last = LiveHeap.mebibytes(worker);
      table.row("10,000 entries in flight", entries, most, first, last, resident);
      worker.terminate();
    }
    lab.redis().delete(STREAM);
  }

  private Lines steady(Table table) throws IOException, InterruptedException {
    lab.redis().rewind(STREAM, Lab.GROUP);
    Messages messages = new Messages(CHANNELS);
    List<Point> live = new ArrayList<>();
    List<Point> resident = new ArrayList<>();
    try (Child worker = WORKER.start(lab, Work.discarding(STREAM, true), "memory-steady")) {
      OpenLoop loop = new OpenLoop(lab.redis().connection(), STREAM, messages, PER_SECOND);
      long all = loop.publish(SETTLE, false);
      for (long seconds = 0; ; seconds += POLL_INTERVAL.toSeconds()) {
        // Before the heap, whose measurement enlarges the process for a moment.
        resident.add(new Point((double) seconds, ResidentSet.mebibytes(worker)));
        live.add(new Point((double) seconds, LiveHeap.mebibytes(worker)));
        lab.say(
            "memory: %.1f MiB live, %.0f MiB resident after %d s"
                .formatted(live.getLast().y(), resident.getLast().y(), seconds));
        if (seconds >= duration.toSeconds()) {
          break;
        }
        all = loop.publish(POLL_INTERVAL, false);
        lab.await(WORKER, worker, STREAM, all);
        lab.redis().empty(STREAM);
      }
      String what = "%,d entries/s for %d s".formatted(PER_SECOND, duration.toSeconds());
      table.row(what, all, 0L, live.getFirst().y(), live.getLast().y(), resident.getLast().y());
      worker.terminate();
    }
    lab.redis().delete(STREAM);
    return new Lines(
        "Memory of a worker at %,d entries a second".formatted(PER_SECOND),
        Axis.linear("seconds"),
        Axis.linear("MiB"),
        List.of(new Series("resident set", resident), new Series("live heap", live)));
  }
}
