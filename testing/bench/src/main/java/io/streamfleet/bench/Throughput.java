package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Entries per second of the worker, its peers and the ceiling, and the cost of an entry. */
final class Throughput {

  private static final String STREAM = "bench:stream";

  /** One read in flight does not keep a core of Redis busy; more than three are no faster. */
  private static final List<Contender> CEILINGS =
      List.of(new CeilingContender(3), new CeilingContender(1));

  private final Lab lab;
  private final String title;
  private final Limits limits;

  /**
   * The size of a measurement.
   *
   * @param entries of a lap per worker, at most
   * @param lap the maximum duration of a lap
   * @param rounds laps of each contender
   */
  record Limits(long entries, Duration lap, int rounds) {}

  Throughput(Lab lab, String title, Limits limits) {
    this.lab = lab;
    this.title = title;
    this.limits = limits;
  }

  /**
   * @param contenders other than the ceiling
   * @param traced whether the worker is also measured with tracing
   */
  List<Table> run(List<Course> courses, List<Contender> contenders, boolean traced)
      throws IOException, InterruptedException {
    Table table = table();
    Table commands =
        new Table(
            title + ": commands per entry",
            "Of the first round, including calls in scripts; values below 0.0005 are omitted.",
            List.of("contender", "work", "workers", "commands"));
    for (Course course : courses) {
      List<Racer> ceilings = ceilings();
      // Enough for the largest fleet, at once: adding them takes longer than most laps.
      lab.redis().provide(STREAM, course.messages(), limits.entries() * course.workers().getLast());
      for (int workers : course.workers()) {
        List<Racer> racers = racers(course, contenders, workers, traced);
        if (workers == course.workers().getFirst()) {
          racers.addAll(0, ceilings);
        }
        race(racers, ceilings, course.messages());
        for (Racer racer : racers) {
          row(table, racer, ceilings);
          commands.row(
              racer.contender().name(), racer.what(), (long) racer.workers(), racer.commands());
        }
      }
      clear(contenders);
    }
    return List.of(table, commands);
  }

  private Table table() {
    return new Table(
        String.format(
            Locale.ROOT,
            "%s: %,d entries for each worker, %d round(s)",
            title,
            limits.entries(),
            limits.rounds()),
        """
        Medians; every process is new, every JVM has the same heap; all take turns within a round. \
        A fleet handles this number of entries per worker. A rate is that of the entries after the \
        first fifth (at most 100,000 per worker) until the last is acknowledged, so start-up does \
        not count; a contender too slow for that is measured for %d s after a warm-up of half as \
        long per worker, and `entries` is the number it handled. `of ceiling` is the ratio of \
        medians to the better ceiling; then the lowest and the highest ratio within one round. \
        Reads are the server's reads from sockets (`total_reads_processed`), commands include \
        those in scripts.\
        """
            .formatted(limits.lap().toSeconds()),
        List.of(
            "contender",
            "work",
            "workers",
            "entries",
            "entries/s",
            "of ceiling",
            "ratio by round",
            "reads/entry",
            "commands/entry",
            "CPU µs/entry",
            "Redis CPU µs/entry"));
  }

  private static List<Racer> ceilings() {
    return CEILINGS.stream()
        .map(it -> new Racer(it, "unordered", Work.discarding(STREAM, false), 1))
        .toList();
  }

  private static List<Racer> racers(
      Course course, List<Contender> contenders, int workers, boolean traced) {
    List<Racer> racers = new ArrayList<>();
    Work work = Work.discarding(STREAM, course.ordered());
    for (Contender contender : contenders) {
      if (contender.takes(work)) {
        racers.add(new Racer(contender, course.name(), work, workers));
      }
      if (traced && course.main() && workers == 1 && contender.takes(work.withTracing())) {
        racers.add(new Racer(contender, course.name() + ", traced", work.withTracing(), workers));
      }
    }
    return racers;
  }

  /** A contender that fails is left out; but without a ceiling there are no ratios. */
  private void race(List<Racer> racers, List<Racer> ceilings, Messages messages)
      throws IOException, InterruptedException {
    for (int round = 1; round <= limits.rounds(); round++) {
      String progress = "round " + round;
      for (Racer racer : List.copyOf(racers)) {
        if (ceilings.contains(racer)) {
          racer.lap(lab, messages, limits, progress);
        } else if (!lab.gaps()
            .measured(
                "throughput", racer.toString(), () -> racer.lap(lab, messages, limits, progress))) {
          racers.remove(racer);
        }
      }
    }
  }

  private static void row(Table table, Racer racer, List<Racer> ceilings) {
    double best =
        ceilings.stream().mapToDouble(it -> it.median(Lap::perSecond)).max().orElseThrow();
    table.row(
        racer.contender().name(),
        racer.what(),
        (long) racer.workers(),
        (long) racer.median(Lap::entries),
        racer.median(Lap::perSecond),
        racer.median(Lap::perSecond) / best,
        racer.ratiosByRound(ceilings),
        racer.median(Lap::readsPerEntry),
        racer.median(Lap::commandsPerEntry),
        racer.median(Lap::cpuMicros),
        racer.median(Lap::redisMicros));
  }

  private void clear(List<Contender> contenders) {
    contenders.forEach(it -> it.clear(lab, STREAM));
    if (lab.ownServer()) {
      lab.redis().deleteAll();
    }
  }
}
