package io.streamfleet.bench;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Bars;
import io.streamfleet.bench.plot.Bars.Bar;
import io.streamfleet.bench.plot.Lines;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collector;

/** Plots of the throughput table: compared with peers, by channels, by workers. */
final class ThroughputFigures {

  private static final Pattern CHANNELS = Pattern.compile("ordered, ([\\d,]+) channels");

  private static final String RATE = "entries/s";

  private ThroughputFigures() {}

  /** One row of the table. */
  private record Row(String contender, String work, long workers, double rate) {

    static Row of(Map<String, Object> fields) {
      return new Row(
          String.valueOf(fields.get("contender")),
          String.valueOf(fields.get("work")),
          fields.get("workers") instanceof Long workers ? workers : 1,
          fields.get(RATE) instanceof Double rate ? rate : 0);
    }

    String line() {
      return contender + ", " + work;
    }

    OptionalLong channels() {
      Matcher named = CHANNELS.matcher(work);
      return named.matches()
          ? OptionalLong.of(Long.parseLong(named.group(1).replace(",", "")))
          : OptionalLong.empty();
    }
  }

  static List<Figure> of(Table table) {
    List<Row> rows = table.records().stream().map(Row::of).toList();
    List<Row> alone = rows.stream().filter(it -> it.workers() == 1).toList();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "throughput.svg",
            new Bars(
                "Entries a second of one worker",
                Axis.linear(RATE),
                alone.stream()
                    .collect(groupingBy(Row::work, LinkedHashMap::new, byContender()))
                    .values()
                    .stream()
                    .flatMap(it -> it.values().stream())
                    .map(it -> new Bar(it.work(), it.contender(), it.rate()))
                    .toList())));
    Map<String, List<Point>> byChannels = new LinkedHashMap<>();
    TreeMap<Double, String> channels = new TreeMap<>();
    for (Row row : alone) {
      row.channels()
          .ifPresent(
              count -> {
                channels.put((double) count, "%,d".formatted(count));
                add(byChannels, row.contender(), (double) count, row.rate());
              });
    }
    lines("throughput-channels.svg", "Entries a second by channels, ordered", byChannels)
        .on(new Axis("channels, logarithmic", true, channels), figures);
    Map<String, List<Point>> byWorkers = new LinkedHashMap<>();
    TreeMap<Double, String> workers = new TreeMap<>();
    for (Row row : rows) {
      if (rows.stream().anyMatch(it -> it.workers() > 1 && it.line().equals(row.line()))) {
        workers.put((double) row.workers(), Long.toString(row.workers()));
        add(byWorkers, row.line(), (double) row.workers(), row.rate());
      }
    }
    lines("throughput-workers.svg", "Entries a second by workers", byWorkers)
        .on(new Axis("workers", false, workers), figures);
    return figures;
  }

  /** The ceiling runs again on each course: its first rate is kept. */
  private static Collector<Row, ?, Map<String, Row>> byContender() {
    return toMap(Row::contender, identity(), (first, again) -> first, LinkedHashMap::new);
  }

  private static void add(Map<String, List<Point>> lines, String name, double x, double y) {
    lines.computeIfAbsent(name, it -> new ArrayList<>()).add(new Point(x, y));
  }

  /** Lines whose axis is not chosen yet. */
  private record Sketch(String file, String title, Map<String, List<Point>> lines) {

    /** A single value makes no line. */
    void on(Axis axis, List<Figure> figures) {
      if (axis.ticks().size() > 1) {
        List<Series> series =
            lines.entrySet().stream()
                .map(
                    it ->
                        new Series(
                            it.getKey(),
                            it.getValue().stream()
                                .sorted((a, b) -> Double.compare(a.x(), b.x()))
                                .toList()))
                .toList();
        figures.add(new Figure(file, new Lines(title, axis, Axis.linear(RATE), series)));
      }
    }
  }

  private static Sketch lines(String file, String title, Map<String, List<Point>> lines) {
    return new Sketch(file, title, lines);
  }
}
