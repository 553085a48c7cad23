package io.streamfleet.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Entries a second beside the ceiling, and what an entry costs. */
final class Throughput {

  private static final String STREAM = "bench:stream";

  private final Lab lab;
  private final String title;
  private final long entries;
  private final int rounds;

  /** One thing that is measured, all its laps. */
  private record Racer(String what, Contender contender, Work work, List<Lap> laps) {

    Racer(String what, Contender contender, Work work) {
      this(what, contender, work, new ArrayList<>());
    }

    boolean ceiling() {
      return contender instanceof CeilingContender;
    }

    double median(ToDoubleFunction<Lap> figure) {
      return Throughput.median(laps.stream().mapToDouble(figure).toArray());
    }
  }

  Throughput(Lab lab, String title, long entries, int rounds) {
    this.lab = lab;
    this.title = title;
    this.entries = entries;
    this.rounds = rounds;
  }

  /**
   * @param channels the numbers of channels of the ordered rows, the main one first
   * @param extras whether the rows with tracing are measured too
   */
  List<Table> run(List<Integer> channels, boolean extras) throws IOException, InterruptedException {
    Table table =
        new Table(
            String.format(Locale.ROOT, "%s: %,d entries, %d round(s)", title, entries, rounds),
            """
            Medians; every process is new and has the same heap; ceiling and worker take turns within \
            a round. A rate is that of the entries after the first fifth (at most 100,000) until the \
            last is acknowledged, so start-up counts for nobody. `of ceiling` is the ratio of medians \
            to the better ceiling; then the least and the greatest ratio within one round. \
            Reads are the server's reads from sockets (`total_reads_processed`), commands those it \
            ran, in scripts too.\
            """,
            List.of(
                "what",
                "entries/s",
                "of ceiling",
                "ratio by round",
                "reads/entry",
                "commands/entry",
                "CPU µs/entry",
                "Redis CPU µs/entry"));
    Table commands =
        new Table(
            title + ": commands per entry",
            "Of the first round, calls in scripts included; what is below 0.0005 is left out.",
            List.of("what", "commands"));
    for (int count : channels) {
      lab.say("filling a stream with %,d entries of %,d channels".formatted(entries, count));
      boolean main = count == channels.getFirst();
      race(racers(count, main, extras), new Messages(count), table, commands);
      lab.redis().delete(STREAM);
      if (lab.ownServer()) {
        lab.redis().deleteAll();
      }
    }
    return List.of(table, commands);
  }

  private List<Racer> racers(int channels, boolean main, boolean extras) {
    List<Racer> racers = new ArrayList<>();
    String ordered = String.format(Locale.ROOT, "ordered, %,d channels", channels);
    racers.add(ceiling(3));
    if (main) {
      racers.add(worker("unordered", Work.discarding(STREAM, false)));
    }
    racers.add(worker(ordered, Work.discarding(STREAM, true)));
    if (main) {
      racers.add(ceiling(1));
    }
    if (main && extras) {
      racers.add(worker("unordered, traced", Work.discarding(STREAM, false).withTracing()));
      racers.add(worker(ordered + ", traced", Work.discarding(STREAM, true).withTracing()));
    }
    return racers;
  }

  private Racer ceiling(int inFlight) {
    CeilingContender ceiling = new CeilingContender(inFlight);
    return new Racer(ceiling.name(), ceiling, Work.discarding(STREAM, false));
  }

  private Racer worker(String what, Work work) {
    WorkerContender worker = new WorkerContender();
    return new Racer(worker.name() + ", " + what, worker, work);
  }

  private void race(List<Racer> racers, Messages messages, Table table, Table commands)
      throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      for (Racer racer : racers) {
        Lap lap = Lap.run(lab, racer.contender(), racer.work(), messages, entries, 1);
        racer.laps().add(lap);
        lab.say("round %d: %s: %,.0f entries/s".formatted(round, racer.what(), lap.perSecond()));
      }
    }
    double best =
        racers.stream()
            .filter(Racer::ceiling)
            .mapToDouble(it -> it.median(Lap::perSecond))
            .max()
            .orElseThrow();
    for (Racer racer : racers) {
      table.row(
          racer.what(),
          racer.median(Lap::perSecond),
          racer.median(Lap::perSecond) / best,
          byRound(racer, racers),
          racer.median(Lap::readsPerEntry),
          racer.median(Lap::commandsPerEntry),
          racer.median(Lap::cpuMicros),
          racer.median(Lap::redisMicros));
      commands.row(racer.what(), commands(racer.laps().getFirst()));
    }
  }

  private String byRound(Racer racer, List<Racer> racers) {
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      int it = round;
      double best =
          racers.stream()
              .filter(Racer::ceiling)
              .mapToDouble(ceiling -> ceiling.laps().get(it).perSecond())
              .max()
              .orElseThrow();
      ratios[round] = racer.laps().get(round).perSecond() / best;
    }
    Arrays.sort(ratios);
    return String.format(Locale.ROOT, "%.2f–%.2f", ratios[0], ratios[rounds - 1]);
  }

  private static String commands(Lap lap) {
    Map<String, Double> perEntry = new LinkedHashMap<>();
    lap.counters().calls().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(it -> perEntry.put(it.getKey(), (double) it.getValue() / lap.entries()));
    return perEntry.entrySet().stream()
        .filter(it -> it.getValue() >= 0.0005)
        .map(it -> String.format(Locale.ROOT, "%s %.4f", it.getKey(), it.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The middle one, or the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
