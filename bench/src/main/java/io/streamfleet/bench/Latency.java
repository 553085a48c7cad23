package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long an entry takes from the moment it should be added to the start of its handler. */
final class Latency {

  private static final String STREAM = "bench:latency";
  private static final int PER_SECOND = 1_000;
  private static final int CHANNELS = 1_000;

  /** What the compiler needs to have seen most of the worker; not recorded. */
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private final Lab lab;
  private final Duration duration;

  Latency(Lab lab, Duration duration) {
    this.lab = lab;
    this.duration = duration;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Latency",
            """
            Milliseconds from the moment at which an entry should be added to the start of its \
            handler, at %d entries/s for %d s after %d s of warm-up. The publisher does not wait: \
            what delays it is counted too.\
            """
                .formatted(PER_SECOND, duration.toSeconds(), WARM_UP.toSeconds()),
            List.of("what", "entries", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "load average"));
    // The publisher itself is compiled first: what delays it would be the first row's alone.
    publisher().publish(WARM_UP, true);
    measure(table, "unordered", false);
    measure(table, "ordered, 1,000 channels", true);
    return table;
  }

  private OpenLoop publisher() {
    return new OpenLoop(lab.redis().async(), STREAM, new Messages(CHANNELS), PER_SECOND);
  }

  private void measure(Table table, String what, boolean ordered)
      throws IOException, InterruptedException {
    Path file = lab.folder().resolve("latency.hdr").toAbsolutePath();
    Files.deleteIfExists(file);
    lab.redis().delete(STREAM);
    lab.redis().rewind(STREAM, Lab.GROUP);
    Work work = Work.of(STREAM, ordered, new Work.Timed(file));
    try (Child worker = new WorkerContender().start(lab, work, "latency")) {
      OpenLoop loop = publisher();
      loop.publish(WARM_UP, false);
      long all = loop.publish(duration, true);
      lab.await(worker, STREAM, all);
      worker.terminate();
    }
    Histogram micros = Stopwatch.read(file);
    table.row(
        "worker, " + what,
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3,
        Machine.load());
    lab.say("latency, %s: p99 %.2f ms".formatted(what, micros.getValueAtPercentile(99) / 1e3));
    lab.redis().delete(STREAM);
  }
}
