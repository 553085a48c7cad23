package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Counters;
import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The workers of one contender, each a process, going through one stream, once.
 *
 * @param perSecond acknowledged entries a second after the warm-up
 * @param cpuMicros CPU time of the processes per entry, after the warm-up
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

  double readsPerEntry() {
    return (double) counters.reads() / entries;
  }

  double commandsPerEntry() {
    return (double) counters.commands() / entries;
  }

  /**
   * Measures from the moment at which the first fifth, at most 100,000 entries, is acknowledged,
   * until all are: start-up and the compiler's first work count for nobody.
   *
   * @param workers how many go through it side by side
   */
  static Lap run(
      Lab lab, Contender contender, Work work, Messages messages, long entries, int workers)
      throws IOException, InterruptedException {
    contender.fill(lab, work.stream(), messages, entries);
    long before = contender.progress(lab, work.stream()).acknowledged();
    List<Child> children = new ArrayList<>();
    try {
      Counters counters = lab.redis().counters();
      for (int number = 1; number <= workers; number++) {
        children.add(contender.start(lab, work, consumer(contender, number)));
      }
      Lap lap =
          new Watch(lab.redis(), () -> contender.progress(lab, work.stream()), children, before)
              .until(entries, counters);
      // By SIGTERM: a worker that is killed leaves its channels' locks to the next one's lap.
      for (Child child : children) {
        child.terminate();
      }
      return lap;
    } finally {
      children.forEach(Child::close);
    }
  }

  private static String consumer(Contender contender, int number) {
    return contender.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-" + number;
  }

  /** Looks at a lap while it is run. */
  private static final class Watch {

    private final Observer redis;
    private final Supplier<Progress> progress;
    private final List<Child> children;
    private final long before;
    private final Optional<ProcessHandle> server;
    private long last;
    private long lookedAt = System.nanoTime();
    private long progressAt = lookedAt;
    private long mostPending;

    Watch(Observer redis, Supplier<Progress> progress, List<Child> children, long before) {
      this.redis = redis;
      this.progress = progress;
      this.children = children;
      this.before = before;
      this.server = redis.process();
    }

    Lap until(long entries, Counters earlier) throws IOException, InterruptedException {
      long warmUp = Math.min(entries / 5, 100_000);
      long startAt = await(warmUp);
      double startCpu = cpu();
      double startServerCpu = serverCpu();
      double seconds = (await(entries) - startAt) / 1e9;
      long counted = entries - warmUp;
      double cpu = (cpu() - startCpu) / counted;
      double serverCpu = (serverCpu() - startServerCpu) / counted;
      return new Lap(
          entries, counted / seconds, cpu, serverCpu, mostPending, redis.counters().since(earlier));
    }

    /**
     * Waits until so many are acknowledged.
     *
     * @return when that was; between two looks progress is taken as even
     */
    private long await(long entries) throws IOException, InterruptedException {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        Progress now = progress.get();
        long at = System.nanoTime();
        long acknowledged = now.acknowledged() - before;
        mostPending = Math.max(mostPending, now.pending());
        long since = lookedAt;
        long fresh = acknowledged - last;
        lookedAt = at;
        if (fresh > 0) {
          last = acknowledged;
          progressAt = at;
        }
        if (acknowledged >= entries) {
          return since + (at - since) * (entries - acknowledged + fresh) / Math.max(1, fresh);
        }
        for (Child child : children) {
          child.check(progressAt);
        }
      }
    }

    /** Microseconds of all workers. */
    private double cpu() {
      return children.stream().mapToDouble(child -> micros(child.handle())).sum();
    }

    private double serverCpu() {
      return server.map(Watch::micros).orElse(0.0);
    }

    private static double micros(ProcessHandle process) {
      return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e3;
    }
  }
}
