package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Counters;
import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * One process going through one stream, once.
 *
 * @param perSecond acknowledged entries a second after the warm-up
 * @param cpuMicros CPU time of the process per entry, after the warm-up
 * @param redisMicros the same of the server; 0 where it is not on this machine
 * @param mostPending the most entries that were seen pending at once
 * @param counters what the server counted, warm-up included
 */
record Lap(
    long entries,
    double perSecond,
    double cpuMicros,
    double redisMicros,
    long mostPending,
    Counters counters) {

  /** 100 looks a second cost Redis less than a hundredth of its time, and blur a lap by 10 ms. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  /** Starts the process that is to be measured. */
  interface Start {
    Child child() throws IOException;
  }

  double readsPerEntry() {
    return (double) counters.reads() / entries;
  }

  double commandsPerEntry() {
    return (double) counters.commands() / entries;
  }

  /**
   * Measures from the moment at which the first fifth, at most 100,000 entries, is acknowledged,
   * until all are: start-up and the compiler's first work count for nobody.
   */
  static Lap run(Observer redis, String stream, long entries, Start start)
      throws IOException, InterruptedException {
    long warmUp = Math.min(entries / 5, 100_000);
    redis.rewind(stream, Lab.GROUP);
    Optional<ProcessHandle> server = redis.process();
    Counters before = redis.counters();
    try (Child child = start.child()) {
      long last = 0;
      long lastAt = System.nanoTime();
      long startAt = 0;
      long startCpu = 0;
      long startServerCpu = 0;
      long mostPending = 0;
      while (true) {
        Thread.sleep(LOOK_EVERY);
        Progress progress = redis.progress(stream, Lab.GROUP);
        long now = System.nanoTime();
        long acknowledged = progress.acknowledged();
        mostPending = Math.max(mostPending, progress.pending());
        if (startAt == 0 && acknowledged >= warmUp) {
          // Between two looks progress is taken as even.
          startAt = lastAt + (now - lastAt) * (warmUp - last) / Math.max(1, acknowledged - last);
          startCpu = cpu(child.handle());
          startServerCpu = server.map(Lap::cpu).orElse(0L);
        }
        if (acknowledged >= entries) {
          long counted = entries - warmUp;
          double seconds = (now - startAt) / 1e9;
          double cpu = (cpu(child.handle()) - startCpu) / 1e3 / counted;
          double serverCpu = (server.map(Lap::cpu).orElse(0L) - startServerCpu) / 1e3 / counted;
          Counters after = redis.counters();
          // By SIGTERM: a worker that is killed leaves its channels' locks to the next one's lap.
          child.terminate();
          return new Lap(
              entries, counted / seconds, cpu, serverCpu, mostPending, after.since(before));
        }
        if (acknowledged > last) {
          last = acknowledged;
          lastAt = now;
        }
        child.check(lastAt);
      }
    }
  }

  private static long cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
