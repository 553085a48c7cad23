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
 * One pass of a contender's workers, each a process, through one stream.
 *
 * @param entries acknowledged entries, warm-up included
 * @param perSecond acknowledged entries per second after the warm-up
 * @param cpuMicros CPU time of the processes per entry, after the warm-up
 * @param redisMicros the same of the server; 0 if it does not run on this machine
 * @param mostPending the maximum of entries seen pending at once
 * @param counters of the server, warm-up included
 */
record Lap(
    long entries,
    double perSecond,
    double cpuMicros,
    double redisMicros,
    long mostPending,
    Counters counters) {

  /** The warm-up is one entry in this many, so that most of a lap is measured. */
  private static final int WARM_UP_PART = 5;

  /** Entries per worker after which most of the JIT compilation is done. */
  private static final long WARM_UP_ENTRIES = 100_000;

  private static final Duration UNBOUNDED = Duration.ofDays(1);

  /** 100 polls per second cost Redis less than 1 % of its time, and make a lap inexact by 10 ms. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  /**
   * Returns this lap if its rate is known.
   *
   * @throws IOException if the lap ended with the warm-up, between two polls
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
   * Like {@link #run(Lab, Contender, Work, Messages, long, int, Duration)}, without a time limit.
   */
  static Lap run(
      Lab lab, Contender contender, Work work, Messages messages, long entries, int workers)
      throws IOException, InterruptedException {
    return run(lab, contender, work, messages, entries, workers, UNBOUNDED);
  }

  /**
   * Measures from the moment when the first fifth, at most 100,000 entries per worker, is
   * acknowledged, until all are. So start-up and the first JIT compilation do not count, and the
   * workers of a fleet begin together. A contender too slow for that is measured for the given
   * time, after a warm-up of half that time per worker: workers share the cores, and each has its
   * own compiler.
   *
   * @param workers the number of concurrent workers
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
        readers == 0
            ? Optional.empty()
            : Optional.of(new StartingGate(lab, contender.streams(work.stream())));
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
      // By SIGTERM: a killed worker would leave its channels' locks for the next lap.
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

  /** Observes a running lap. */
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
     * Waits until this many entries are acknowledged, or the time is over.
     *
     * @return the time of the last poll
     */
    private long await(long entries, Duration atMost) throws IOException, InterruptedException {
      long since = lookedAt;
      while (last < entries && lookedAt - since < atMost.toNanos()) {
        Thread.sleep(POLL_INTERVAL);
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

    /** CPU time of all workers in microseconds. */
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
