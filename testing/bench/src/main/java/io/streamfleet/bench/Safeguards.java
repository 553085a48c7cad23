package io.streamfleet.bench;

import io.streamfleet.bench.Throughput.Limits;
import java.io.IOException;
import java.util.List;

/** What it costs to have everything switched on that guards a handler, when nothing goes wrong. */
final class Safeguards {

  private static final String STREAM = "bench:safeguards";
  private static final int CHANNELS = 1_000;

  private final Lab lab;
  private final Limits limits;

  Safeguards(Lab lab, Limits limits) {
    this.lab = lab;
    this.limits = limits;
  }

  Table run() throws IOException, InterruptedException {
    Table table =
        new Table(
            "Safeguards",
            """
            Entries a second of one worker with limits that are never reached and a state directory, \
            in turns with one without both. The breaker and the shares of channels are always on.\
            """,
            List.of("order", "without", "with", "share"));
    for (Course course : List.of(Course.unordered(), Course.ordered(CHANNELS))) {
      Work work = Work.discarding(STREAM, course.ordered());
      Racer without = new Racer(new WorkerContender(), course.name(), work, 1);
      Racer with =
          new Racer(new SafeguardedContender(new WorkerContender()), course.name(), work, 1);
      for (int round = 1; round <= limits.rounds(); round++) {
        for (Racer racer : List.of(without, with)) {
          racer.lap(lab, course.messages(), limits, "safeguards");
          racer.contender().clear(lab, STREAM);
        }
      }
      double rate = without.median(Lap::perSecond);
      double guarded = with.median(Lap::perSecond);
      table.row(course.name(), rate, guarded, guarded / rate);
    }
    return table;
  }
}
