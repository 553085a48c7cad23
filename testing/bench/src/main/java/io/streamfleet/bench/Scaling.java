package io.streamfleet.bench;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Lines;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The cost of an entry as the backlog grows, and as other consumers have more in flight. */
final class Scaling {

  private static final String STREAM = "bench:scaling";
  private static final int CHANNELS = 1_000;

  /** The command of a sweep. */
  private static final String SWEEP = "xautoclaim";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  /** A sweep continues without pause; no call for this long means that it has ended. */
  private static final Duration SWEEP_QUIET = Duration.ofSeconds(1);

  private final Lab lab;
  private final long entries;

  /**
   * @param entries of a lap
   */
  Scaling(Lab lab, long entries) {
    this.lab = lab;
    this.entries = entries;
  }

  /**
   * @param waiting numbers of entries that wait behind those of a lap
   * @param held numbers of entries that another consumer has in flight
   */
  Findings run(List<Long> waiting, List<Long> held) throws IOException, InterruptedException {
    Table backlog =
        table(
            "Scaling: backlog",
            "Cost of each of %,d entries while this many more wait behind them.",
            "waiting behind");
    Table pending =
        new Table(
            "Scaling: pending entries of others",
            note(
                "Cost of each of %,d entries while another live consumer of the group has"
                    + " this many in flight; and of one sweep over them, which is also part of the"
                    + " lap.",
                entries),
            List.of(
                "pending",
                "entries/s",
                "commands/entry",
                "CPU µs/entry",
                "Redis CPU µs/entry",
                "calls of a sweep",
                "Redis ms of a sweep"));
    List<Point> behind = new ArrayList<>();
    for (long count : waiting) {
      Lap lap = lap(new Crowded(new WorkerContender(), count, 0));
      backlog.row(cells(count, lap).toArray());
      behind.add(new Point((double) Math.max(1, count), lap.perSecond()));
      lab.say("scaling, %,d waiting: %,.0f entries/s".formatted(count, lap.perSecond()));
    }
    List<Point> beside = new ArrayList<>();
    List<Point> sweeps = new ArrayList<>();
    for (long count : held) {
      Crowded crowded = new Crowded(new WorkerContender(), 0, count);
      Lap lap = lap(crowded);
      Sweep sweep = sweep(crowded);
      List<Object> cells = cells(count, lap);
      cells.add(sweep.calls());
      cells.add(sweep.millis());
      pending.row(cells.toArray());
      beside.add(new Point((double) Math.max(1, count), lap.perSecond()));
      sweeps.add(new Point((double) Math.max(1, count), Math.max(0.001, sweep.millis())));
      lab.say(
          "scaling, %,d pending for another: %,.0f entries/s, a sweep costs Redis %.1f ms"
              .formatted(count, lap.perSecond(), sweep.millis()));
    }
    lab.redis().delete(STREAM);
    Lines cost =
        new Lines(
            "The worker, as more is in the stream and the pending list",
            counts("entries, logarithmic", waiting, held),
            Axis.linear("entries/s"),
            List.of(
                new Series("waiting behind", behind),
                new Series("pending for another consumer", beside)));
    Lines swept =
        new Lines(
            "One sweep over what is pending for another consumer",
            counts("pending entries, logarithmic", held, List.of()),
            Axis.logarithmic("ms of Redis"),
            List.of(new Series("Redis time of a sweep", sweeps)));
    return new Findings(
        List.of(backlog, pending),
        List.of(new Figure("scaling.svg", cost), new Figure("scaling-sweep.svg", swept)));
  }

  private Table table(String title, String note, String what) {
    return new Table(
        title,
        note(note, entries),
        List.of(what, "entries/s", "commands/entry", "CPU µs/entry", "Redis CPU µs/entry"));
  }

  private static String note(String note, long entries) {
    return note.formatted(entries) + " The worker is unordered.";
  }

  /** Labels the measured values; on a logarithmic axis zero is drawn at one. */
  private static Axis counts(String label, List<Long> some, List<Long> more) {
    TreeMap<Double, String> ticks = new TreeMap<>();
    for (List<Long> all : List.of(some, more)) {
      all.forEach(it -> ticks.put((double) Math.max(1, it), String.format(Locale.ROOT, "%,d", it)));
    }
    return new Axis(label, true, ticks);
  }

  private Lap lap(Crowded crowded) throws IOException, InterruptedException {
    lab.redis().delete(STREAM);
    return Lap.run(lab, crowded, Work.discarding(STREAM, false), new Messages(CHANNELS), entries, 1)
        .timed();
  }

  private static List<Object> cells(long count, Lap lap) {
    return new ArrayList<>(
        List.of(
            count, lap.perSecond(), lap.commandsPerEntry(), lap.cpuMicros(), lap.redisMicros()));
  }

  /**
   * One sweep.
   *
   * @param millis time that Redis spent on it
   */
  private record Sweep(long calls, double millis) {}

  /** A worker with nothing to read only sweeps the stream once, at its start. */
  private Sweep sweep(Crowded crowded) throws IOException, InterruptedException {
    crowded.fill(lab, STREAM, new Messages(CHANNELS), 0);
    Sweep before = swept();
    try (Child child = crowded.start(lab, Work.discarding(STREAM, false), "scaling-sweep")) {
      Sweep now = before;
      long since = System.nanoTime();
      while (now.calls() == before.calls() || System.nanoTime() - since < SWEEP_QUIET.toNanos()) {
        Thread.sleep(POLL_INTERVAL);
        Sweep last = now;
        now = swept();
        if (now.calls() > last.calls()) {
          since = System.nanoTime();
        }
        child.check();
      }
      child.terminate();
      return new Sweep(now.calls() - before.calls(), now.millis() - before.millis());
    }
  }

  private Sweep swept() {
    Map<String, String> commands = lab.redis().info("commandstats");
    String line = commands.getOrDefault("cmdstat_" + SWEEP, "calls=0,usec=0");
    return new Sweep(figure(line, "calls"), figure(line, "usec") / 1e3);
  }

  private static long figure(String line, String name) {
    return Long.parseLong(line.replaceAll("^(?:.*,)?" + name + "=(\\d+).*$", "$1"));
  }
}
