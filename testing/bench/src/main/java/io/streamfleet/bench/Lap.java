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
 * @param entries how many were acknowledged, warm-up included
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

  /** The part of the entries that is for warming up, so that a lap is mostly measured. */
  private static final int WARM_UP_PART = 5;

  /** Entries of each worker by which what its compiler does first is mostly done. */
  private static final long WARM_UP_ENTRIES = 100_000;

  private static final Duration UNBOUNDED = Duration.ofDays(1);

  /** 100 looks a second cost Redis less than a hundredth of its time, and blur a lap by 10 ms. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  /**
   * This lap, if there is a rate to tell.
   *
   * @throws IOException if it was over with the warm-up, since nobody looked in between
   */
  Lap timed() throws IOException {
    if (!Double.isFinite(perSecond)) {
      throw new IOException(
          "all %,d entries were acknowledged before the measuring began; --entries asks for more"
              .formatted(entries));
    }
    return this;
  }

  double readsPerEntry() {
    return (double) counters.reads() / entries;
  }

  double commandsPerEntry() {
    return (double) counters.commands() / entries;
  }

  /**
   * As {@link #run(Lab, Contender, Work, Messages, long, int, Duration)}, however long it takes.
   */
  static Lap run(
      Lab lab, Contender contender, Work work, Messages messages, long entries, int workers)
      throws IOException, InterruptedException {
    return run(lab, contender, work, messages, entries, workers, UNBOUNDED);
  }

  /**
   * Measures from the moment at which the first fifth, at most 100,000 entries for each worker, is
   * acknowledged, until all are: start-up and the compiler's first work count for nobody, and the
   * workers of a fleet begin together. Who is too slow for that is measured for as long as is
   * given, after half as long for each worker to warm up: workers share the cores, and each has a
   * compiler of its own.
   *
   * @param workers how many go through it side by side
   */
  static Lap run(
      Lab lab,
      Contender contender,
      Work work,
      Messages messages,
      long entries,
      int workers,
      Duration atMost)
      throws IOException, InterruptedException {
    contender.fill(lab, work.stream(), messages, entries);
    long before = contender.progress(lab, work.stream()).acknowledged();
    int readers = contender.readers() * workers;
    Optional<StartingGate> gate =
        readers == 0 ? Optional.empty() : Optional.of(new StartingGate(lab, work.stream()));
    List<Child> children = new ArrayList<>();
    try {
      for (int number = 1; number <= workers; number++) {
        children.add(contender.start(lab, work, consumer(contender, number)));
      }
      if (gate.isPresent()) {
        gate.get().openFor(readers, children);
      }
      Counters counters = lab.redis().counters();
      Lap lap =
          new Watch(lab.redis(), () -> contender.progress(lab, work.stream()), children, before)
              .run(entries, atMost, counters);
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

    Lap run(long entries, Duration atMost, Counters earlier)
        throws IOException, InterruptedException {
      await(1, UNBOUNDED);
      int workers = children.size();
      long startAt =
          await(
              Math.min(entries / WARM_UP_PART, WARM_UP_ENTRIES * workers),
              atMost.dividedBy(2).multipliedBy(workers));
      long warmUp = last;
      double startCpu = cpu();
      double startServerCpu = serverCpu();
      double seconds = (await(entries, atMost) - startAt) / 1e9;
      long counted = Math.max(1, last - warmUp);
      return new Lap(
          last,
          counted / seconds,
          (cpu() - startCpu) / counted,
          (serverCpu() - startServerCpu) / counted,
          mostPending,
          redis.counters().since(earlier));
    }

    /**
     * Waits until so many are acknowledged, or as long as may be.
     *
     * @return the time of the last look
     */
    private long await(long entries, Duration atMost) throws IOException, InterruptedException {
      long since = lookedAt;
      while (last < entries && lookedAt - since < atMost.toNanos()) {
        Thread.sleep(LOOK_EVERY);
        Progress now = progress.get();
        lookedAt = System.nanoTime();
        mostPending = Math.max(mostPending, now.pending());
        if (now.acknowledged() - before > last) {
          last = now.acknowledged() - before;
          progressAt = lookedAt;
        }
        for (Child child : children) {
          child.check(progressAt);
        }
      }
      return lookedAt;
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
