package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the order of channels costs fleets of one worker and more: by partitions and by the locks of
 * channels, beside no order.
 */
final class Partitioning {

  private static final String STREAM = "bench:partitions";
  private static final int CHANNELS = 1_000;

  private final Lab lab;
  private final Limits limits;
  private final int workers;

  /**
   * @param workers of the largest fleet
   */
  Partitioning(Lab lab, Limits limits, int workers) {
    this.lab = lab;
    this.limits = limits;
    this.workers = workers;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Partitions",
            """
            Each fleet in turn with no order, with partitions and with the locks of %,d channels. `of \
            unordered` is beside the same number of workers, `of one` beside one worker of the same \
            kind. The splitter is one of the workers, which handle nothing meanwhile. Commands include \
            those in scripts.\
            """
                .formatted(CHANNELS),
            List.of(
                "order",
                "workers",
                "entries",
                "entries/s",
                "of unordered",
                "of one",
                "commands/entry",
                "Redis CPU µs/entry",
                "of one's",
                "commands"));
    Course unordered = Course.unordered();
    Course ordered = Course.ordered(CHANNELS);
    List<Racer> first = racers(unordered, ordered, 1);
    for (int count = 1; count <= workers; count++) {
      List<Racer> racers = count == 1 ? first : racers(unordered, ordered, count);
      for (int round = 1; round <= limits.rounds(); round++) {
        for (Racer racer : racers) {
          Course course = racer.work().ordered() ? ordered : unordered;
          racer.lap(lab, course.messages(), limits, "round " + round);
          racer.contender().clear(lab, STREAM);
        }
      }
      for (int i = 0; i < racers.size(); i++) {
        row(table, racers.get(i), racers.getFirst(), first.get(i));
      }
    }
    lab.redis().deleteMatching(STREAM + "*");
    return table;
  }

  private static List<Racer> racers(Course unordered, Course ordered, int count) {
    Work none = Work.discarding(STREAM, false);
    Work byChannel = Work.discarding(STREAM, true);
    List<Racer> racers =
        new ArrayList<>(
            List.of(
                new Racer(new WorkerContender(), unordered.name(), none, count),
                new Racer(new PartitionedContender(CHANNELS), "partitions", byChannel, count),
                new Racer(new WorkerContender(), ordered.name(), byChannel, count)));
    if (count == 1) {
      // However many workers there are, one of them splits.
      racers.add(
          new Racer(new SplittingContender(new WorkerContender()), "splitter", byChannel, count));
    }
    return racers;
  }

  private static void row(Table table, Racer racer, Racer unordered, Racer one) {
    double rate = racer.median(Lap::perSecond);
    double redis = racer.median(Lap::redisMicros);
    table.row(
        racer.what(),
        (long) racer.workers(),
        (long) racer.median(Lap::entries),
        rate,
        rate / unordered.median(Lap::perSecond),
        rate / one.median(Lap::perSecond),
        racer.median(Lap::commandsPerEntry),
        redis,
        redis / one.median(Lap::redisMicros),
        racer.commands());
  }
}
