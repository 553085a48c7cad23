package io.streamfleet.bench;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Lines;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether a small heap is enough, and stays so. */
final class Memory {

  private static final String STREAM = "bench:memory";

  private static final Contender WORKER = new WorkerContender();

  /** As {@code read.maxInFlight} of {@link WorkerContender}. */
  private static final long IN_FLIGHT = 10_000;

  /** Half of what one core does with ease: the heap is to be watched, not the rate. */
  private static final int PER_SECOND = 2_000;

  /** Enough channels for most to be used once and forgotten again. */
  private static final int CHANNELS = 100_000;

  /** Classes are loaded, pools filled. */
  private static final Duration SETTLE = Duration.ofSeconds(5);

  /** How often memory is looked at: each look collects all garbage, which nobody should notice. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

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
            Live heap is what a full collection leaves, in MiB. The first row has handlers that wait \
            200 ms, so that as many entries as may be are in flight; the second goes on for a while \
            with many channels, each of which comes up seldom. Resident is what the kernel has given the \
            whole process, at the end.\
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
      for (long seconds = 0; ; seconds += LOOK_EVERY.toSeconds()) {
        // First, as the look at the heap makes the process larger for a moment.
        resident.add(new Point((double) seconds, ResidentSet.mebibytes(worker)));
        live.add(new Point((double) seconds, LiveHeap.mebibytes(worker)));
        lab.say(
            "memory: %.1f MiB live, %.0f MiB resident after %d s"
                .formatted(live.getLast().y(), resident.getLast().y(), seconds));
        if (seconds >= duration.toSeconds()) {
          break;
        }
        all = loop.publish(LOOK_EVERY, false);
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
