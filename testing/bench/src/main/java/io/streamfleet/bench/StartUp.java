package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures the time from the start of the process until a waiting entry is acknowledged. */
final class StartUp {

  private static final String STREAM = "bench:start";

  /** Makes the result inexact by as much. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(3);

  private final Lab lab;
  private final int times;

  StartUp(Lab lab, int times) {
    this.lab = lab;
    this.times = times;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Start-up",
            """
            Milliseconds from the start of the process until Redis has the acknowledgement of a \
            waiting entry, by `java -jar` of the worker's jar, ordered by channel; a little more \
            than until its handler has run.\
            """,
            List.of("what", "runs", "median ms", "least ms", "greatest ms"));
    Path jar = lab.workerJar();
    if (!Files.exists(jar)) {
      lab.say("there is no %s, so start-up is not measured: build the worker".formatted(jar));
      return table;
    }
    measure(table, "worker", List.of("-jar", jar.toString()));
    Optional<Path> cache = lab.workerCache();
    if (cache.isPresent()) {
      // By default a JVM silently ignores a cache that it cannot use.
      measure(
          table,
          "worker, AOT cache",
          List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache.get(), "-jar", jar.toString()));
    }
    return table;
  }

  private void measure(Table table, String what, List<String> how)
      throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      millis.add(once(how));
      lab.say("start-up, %s: %.0f ms".formatted(what, millis.getLast()));
    }
    double[] all = millis.stream().mapToDouble(it -> it).sorted().toArray();
    table.row(what, (long) times, Racer.median(all), all[0], all[times - 1]);
  }

  private double once(List<String> how) throws IOException, InterruptedException {
    lab.redis().fill(STREAM, new Messages(1), 1);
    lab.redis().rewind(STREAM, Lab.GROUP);
    long start = System.nanoTime();
    try (Child worker =
        new WorkerContender().start(lab, Work.discarding(STREAM, true), "start", how)) {
      while (lab.redis().progress(STREAM, Lab.GROUP).acknowledged() < 1) {
        Thread.sleep(POLL_INTERVAL);
        worker.check();
      }
      double millis = (System.nanoTime() - start) / 1e6;
      worker.terminate();
      return millis;
    } finally {
      lab.redis().delete(STREAM);
    }
  }
}
