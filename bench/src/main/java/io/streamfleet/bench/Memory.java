package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Whether a small heap is enough, and stays so. */
final class Memory {

  private static final String STREAM = "bench:memory";

  /** As {@code read.maxInFlight} of {@link WorkerContender}. */
  private static final long IN_FLIGHT = 10_000;

  /** Half of what one core does with ease: the heap is to be watched, not the rate. */
  private static final int PER_SECOND = 2_000;

  /** Enough channels for most to be used once and forgotten again. */
  private static final int CHANNELS = 100_000;

  /** Classes are loaded, pools filled. */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private final Lab lab;
  private final Duration duration;

  Memory(Lab lab, Duration duration) {
    this.lab = lab;
    this.duration = duration;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Memory",
            """
            Live heap is what a full collection leaves, in MiB. The first row has handlers that wait \
            200 ms, so that as many entries as may be are in flight; the second goes on for a while \
            with many channels, each of which comes up seldom.\
            """,
            List.of("what", "entries", "most pending", "live MiB, first", "live MiB, last"));
    full(table);
    steady(table);
    return table;
  }

  private void full(Table table) throws IOException, InterruptedException {
    long entries = 20 * IN_FLIGHT;
    lab.redis().fill(STREAM, new Messages(CHANNELS), entries);
    lab.redis().rewind(STREAM, Lab.GROUP);
    Work work = Work.of(STREAM, false, new Work.Wait(Duration.ofMillis(200)));
    try (Child worker = new WorkerContender().start(lab, work, "memory-full")) {
      long most = lab.awaitPending(worker, STREAM, IN_FLIGHT);
      double first = LiveHeap.mebibytes(worker);
      lab.await(worker, STREAM, entries);
      table.row("10,000 entries in flight", entries, most, first, LiveHeap.mebibytes(worker));
      worker.terminate();
    }
    lab.redis().delete(STREAM);
  }

  private void steady(Table table) throws IOException, InterruptedException {
    lab.redis().rewind(STREAM, Lab.GROUP);
    try (Child worker =
        new WorkerContender().start(lab, Work.discarding(STREAM, true), "memory-steady")) {
      OpenLoop loop = new OpenLoop(lab.redis().async(), STREAM, new Messages(CHANNELS), PER_SECOND);
      loop.publish(SETTLE, false);
      double first = LiveHeap.mebibytes(worker);
      lab.say("memory: %.1f MiB after %d s".formatted(first, SETTLE.toSeconds()));
      long all = 0;
      double last = first;
      for (long minute = 0; minute < duration.toMinutes(); minute++) {
        all = loop.publish(Duration.ofMinutes(1), false);
        last = LiveHeap.mebibytes(worker);
        lab.say("memory: %.1f MiB after %d min".formatted(last, minute + 1));
        lab.await(worker, STREAM, all);
        lab.redis().empty(STREAM);
      }
      String what = "%,d entries/s for %d min".formatted(PER_SECOND, duration.toMinutes());
      table.row(what, all, 0L, first, last);
      worker.terminate();
    }
    lab.redis().delete(STREAM);
  }
}
