package io.streamfleet.bench;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Bars;
import io.streamfleet.bench.plot.Bars.Bar;
import io.streamfleet.bench.plot.Lines;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The time from when an entry should be added to the start of its handler and to its
 * acknowledgement, at several shares of each contender's capacity.
 */
final class Latency {

  private static final String STREAM = "bench:latency";

  /**
   * A rate below any contender's capacity: the latency of an idle contender, the same rate for all.
   */
  private static final int FIXED_RATE = 1_000;

  private static final List<Double> SHARES = List.of(0.1, 0.5, 0.9);

  /** The load whose curves are plotted: busy, but not saturated. */
  private static final double PLOTTED_SHARE = 0.5;

  private static final List<Double> PERCENTILES =
      List.of(50.0, 75.0, 90.0, 95.0, 97.5, 99.0, 99.5, 99.9);

  private static final String NOTHING = "–";

  private final Lab lab;
  private final Duration duration;
  private final Table table;
  private final List<Bar> byLoad = new ArrayList<>();
  private final List<Series> starts = new ArrayList<>();
  private final List<Series> acknowledgements = new ArrayList<>();

  Latency(Lab lab, Duration duration) {
    this.lab = lab;
    this.duration = duration;
    this.table =
        new Table(
            "Latency",
            """
            Milliseconds from the time when an entry should be added to the start of its handler \
            and to its acknowledgement, for %d s after %d s of warm-up at half of the capacity. \
            The publisher does not wait, so its own delays count too. Capacity is the throughput \
            beside a publisher that always keeps some entries waiting, measured for each contender \
            just before. Acknowledgements are observed from outside, for a sample every 5 ms, at \
            most about a millisecond late. If a contender did not keep up, its backlog at the end \
            is given as seconds of that load, without percentiles, which would only depend on the \
            duration of the measurement.\
            """
                .formatted(duration.toSeconds(), Load.WARM_UP.toSeconds()),
            List.of(
                "contender",
                "work",
                "load",
                "entries/s",
                "start p50 ms",
                "start p99 ms",
                "start p99.9 ms",
                "start max ms",
                "ack p50 ms",
                "ack p99 ms",
                "ack max ms",
                "ack samples",
                "load average"));
  }

  Findings findings() {
    List<Figure> figures = new ArrayList<>();
    if (!byLoad.isEmpty()) {
      figures.add(
          new Figure(
              "latency-by-load.svg",
              new Bars(
                  "99th percentile to the start of the handler, by load",
                  Axis.logarithmic("ms, logarithmic; none where the load was not held"),
                  byLoad)));
    }
    curves(figures, "latency-start.svg", "to the start of the handler", starts);
    curves(figures, "latency-ack.svg", "to the acknowledgement", acknowledgements);
    return new Findings(List.of(table), figures);
  }

  private static void curves(List<Figure> figures, String file, String what, List<Series> all) {
    if (!all.isEmpty()) {
      List<Double> named = List.of(50.0, 90.0, 99.0, 99.9);
      figures.add(
          new Figure(
              file,
              new Lines(
                  "From when an entry should be added " + what + ", at half of the capacity",
                  Axis.percentiles("percentile", named),
                  Axis.logarithmic("ms"),
                  all)));
    }
  }

  /** Measures all loads of one contender, one after the other. */
  void measure(Contender contender, Course course) throws IOException, InterruptedException {
    Work work = Work.of(STREAM, course.ordered(), new Work.Timed(Capacity.unread(lab)));
    if (!contender.takes(work)) {
      return;
    }
    Duration half = duration.dividedBy(2);
    double capacity = new Capacity(lab, contender, work, course.messages()).measure(half);
    lab.say("latency: %s, %s takes %,.0f/s".formatted(contender.name(), course.name(), capacity));
    if (capacity > FIXED_RATE) {
      load(contender, course, "fixed", capacity, FIXED_RATE);
    }
    for (double share : SHARES) {
      String load = "%.0f %%".formatted(100 * share);
      Load found = load(contender, course, load, capacity, share * capacity);
      if (found.held()) {
        String who = contender.name() + ", " + course.name();
        byLoad.add(new Bar(who, load, found.start().getValueAtPercentile(99) / 1e3));
        if (share == PLOTTED_SHARE) {
          starts.add(curve(who, found.start()));
          found.acknowledged().ifPresent(it -> acknowledgements.add(curve(who, it)));
        }
      }
    }
  }

  private Load load(
      Contender contender, Course course, String load, double capacity, double perSecond)
      throws IOException, InterruptedException {
    Load found = Load.run(lab, contender, STREAM, course, capacity / 2, perSecond, duration);
    List<Object> figures = figures(found);
    List<Object> cells = new ArrayList<>(List.of(contender.name(), course.name(), load, perSecond));
    cells.addAll(figures);
    cells.add(Machine.load());
    table.row(cells.toArray());
    lab.say(
        "latency: %s, %s, %s: %s"
            .formatted(contender.name(), course.name(), load, figures.getFirst()));
    return found;
  }

  private static List<Object> figures(Load found) {
    List<Object> cells = new ArrayList<>();
    if (found.held()) {
      cells.addAll(percentiles(found.start(), 50, 99, 99.9, 100));
      found
          .acknowledged()
          .ifPresentOrElse(
              it -> {
                cells.addAll(percentiles(it, 50, 99, 100));
                cells.add(it.getTotalCount());
              },
              () -> cells.addAll(List.of(NOTHING, NOTHING, NOTHING, 0L)));
    } else {
      cells.add(String.format(Locale.ROOT, "not held: %.1f s behind", found.secondsBehind()));
      cells.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0L));
    }
    return cells;
  }

  private static List<Double> percentiles(Histogram micros, double... percentiles) {
    return Arrays.stream(percentiles)
        .mapToObj(it -> micros.getValueAtPercentile(it) / 1e3)
        .toList();
  }

  private static Series curve(String name, Histogram micros) {
    return new Series(
        name,
        PERCENTILES.stream().map(it -> new Point(Axis.nines(it), millis(micros, it))).toList());
  }

  /** A logarithmic axis has no zero, and nothing below a microsecond is measured. */
  private static double millis(Histogram micros, double percentile) {
    return Math.max(1, micros.getValueAtPercentile(percentile)) / 1e3;
  }
}
