package io.streamfleet.local.view;

import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.view.Section.Row;
import io.streamfleet.local.view.Section.Weight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Formats a fleet as lines of text: all of it, or what fits on a screen. */
public final class FleetScreen {

  /** Older ones have been seen. */
  private static final int MAX_EVENTS = 8;

  /** With fewer rows than this there are no empty lines between sections. */
  private static final int MIN_SPACED_ROWS = 16;

  private FleetScreen() {}

  /** All lines, however many and long. */
  public static List<ScreenLine> of(Snapshot snapshot) {
    List<ScreenLine> lines = new ArrayList<>();
    for (Section section : sections(snapshot, Integer.MAX_VALUE)) {
      between(lines);
      lines.addAll(section.lines());
    }
    return lines;
  }

  /**
   * The lines that fit on a screen. If not all fit, each section has its headings and some rows:
   * problems first, then rows with work; and the headings say how many rows there are.
   *
   * @param width of a line; sentences are wrapped
   */
  public static List<ScreenLine> fitted(Snapshot snapshot, int rows, int width) {
    List<Section> sections = sections(snapshot, width);
    boolean spaced = rows >= MIN_SPACED_ROWS;
    int room = rows - (spaced ? sections.size() - 1 : 0);
    int[] shown = new int[sections.size()];
    boolean more = true;
    while (more) {
      more = false;
      for (int i = 0; i < shown.length; i++) {
        if (shown[i] < sections.get(i).size()) {
          shown[i]++;
          if (height(sections, shown, width) <= room) {
            more = true;
          } else {
            shown[i]--;
          }
        }
      }
    }
    List<ScreenLine> lines = new ArrayList<>();
    for (int i = 0; i < shown.length; i++) {
      if (spaced) {
        between(lines);
      }
      lines.addAll(sections.get(i).lines(shown[i], width));
    }
    return lines;
  }

  private static int height(List<Section> sections, int[] shown, int width) {
    int height = 0;
    for (int i = 0; i < shown.length; i++) {
      height += sections.get(i).lines(shown[i], width).size();
    }
    return height;
  }

  private static void between(List<ScreenLine> lines) {
    if (!lines.isEmpty()) {
      lines.add(new ScreenLine(ScreenLine.Tone.PLAIN, ""));
    }
  }

  private static List<Section> sections(Snapshot snapshot, int width) {
    List<Section> sections = new ArrayList<>();
    sections.add(resources(snapshot));
    sections.add(pods(snapshot.pods(), width));
    sections.add(streams(snapshot));
    snapshot.problem().map(FleetScreen::problem).ifPresent(sections::add);
    if (!snapshot.events().isEmpty()) {
      sections.add(events(snapshot));
    }
    return sections;
  }

  private static ScreenLine.Tone tone(boolean good) {
    return good ? ScreenLine.Tone.GOOD : ScreenLine.Tone.BAD;
  }

  private static Section resources(Snapshot snapshot) {
    return new Section(
        List.of("RESOURCE", "READY", "WORKERS"),
        snapshot.resources().stream()
            .map(
                it ->
                    new Row(
                        List.of(it.shortName(), it.ready(), it.workers()),
                        it.reason(),
                        tone(it.isReady()),
                        it.isReady() ? Weight.LITTLE : Weight.MUCH))
            .toList());
  }

  /** Without the metrics addresses if they don't fit. */
  private static Section pods(List<FleetPod> pods, int width) {
    List<String> headings = List.of("POD", "READY", "STATUS", "RESTARTS", "PID", "METRICS");
    List<Row> rows = pods.stream().map(FleetScreen::row).toList();
    Section all = new Section(headings, rows);
    boolean fits = all.lines().stream().allMatch(it -> it.text().stripTrailing().length() <= width);
    return fits
        ? all
        : new Section(
            headings.subList(0, 5),
            rows.stream()
                .map(it -> new Row(it.cells().subList(0, 5), it.remark(), it.tone(), it.weight()))
                .toList());
  }

  private static Row row(FleetPod it) {
    return new Row(
        List.of(
            it.name(),
            it.ready() ? "yes" : "no",
            it.status(),
            Integer.toString(it.restarts()),
            text(it.pid()),
            it.url().map(url -> url + "/metrics").orElse("-")),
        it.problem().orElse(""),
        tone(it.ready()),
        it.ready() && it.problem().isEmpty() ? Weight.LITTLE : Weight.MUCH);
  }

  private static Section streams(Snapshot snapshot) {
    return new Section(
        List.of("STREAM", "LENGTH", "PENDING", "LAG", "RATE", "GROUP"),
        snapshot.streams().stream().map(FleetScreen::row).toList());
  }

  private static Row row(Snapshot.Stream it) {
    if (it.isDeadLetters()) {
      boolean some = it.length().orElse(0) > 0;
      return new Row(
          List.of(it.stream(), text(it.length()), "", "", "", "(dead letters)"),
          "",
          some ? ScreenLine.Tone.BAD : ScreenLine.Tone.PLAIN,
          some ? Weight.MUCH : Weight.LITTLE);
    }
    boolean hasWork = it.pending().orElse(0) > 0 || it.lag().orElse(0) > 0;
    return new Row(
        List.of(
            it.stream(),
            text(it.length()),
            text(it.pending()),
            text(it.lag()),
            text(it.rate()),
            it.group()),
        "",
        ScreenLine.Tone.PLAIN,
        hasWork ? Weight.SOME : Weight.LITTLE);
  }

  private static Section problem(String text) {
    return new Section(
        List.of("PROBLEM"),
        List.of(new Row(List.of("Redis"), text, ScreenLine.Tone.BAD, Weight.MUCH)));
  }

  private static Section events(Snapshot snapshot) {
    return new Section(
        List.of("EVENT", "REASON", "ABOUT"),
        snapshot.events().stream()
            .limit(MAX_EVENTS)
            .map(
                it ->
                    new Row(
                        List.of(
                            age(Duration.between(it.at(), snapshot.at())), it.reason(), it.about()),
                        it.message() + (it.times() > 1 ? " (%d times)".formatted(it.times()) : ""),
                        it.warning() ? ScreenLine.Tone.BAD : ScreenLine.Tone.PLAIN,
                        it.warning() ? Weight.SOME : Weight.LITTLE))
            .toList());
  }

  /** Such as {@code 42s}, {@code 7m} or {@code 3h}. */
  public static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    return seconds < 7_200 ? seconds / 60 + "m" : seconds / 3_600 + "h";
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
  }

  private static String text(OptionalDouble rate) {
    return rate.isPresent() ? String.format(Locale.ROOT, "%.1f/s", rate.getAsDouble()) : "-";
  }
}
