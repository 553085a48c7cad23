package io.streamfleet.local.view;

import io.streamfleet.local.fleet.FleetPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A fleet as lines of text: everything once, for a terminal of whatever size. */
public final class Picture {

  /** More would push the streams off a small screen. */
  private static final int MOST_EVENTS = 8;

  private Picture() {}

  /** How a line is to look. */
  public enum Tone {
    PLAIN,
    HEADING,
    FAINT,
    GOOD,
    BAD
  }

  /** One line. */
  public record Line(Tone tone, String text) {}

  /** All lines, however many and long they are. */
  public static List<Line> of(Snapshot snapshot) {
    List<Line> lines = new ArrayList<>();
    section(lines, resources(snapshot), row -> tone(snapshot.resources().get(row).isReady()));
    List<FleetPod> pods = snapshot.pods();
    section(lines, pods(pods), row -> tone(pods.get(row).ready()));
    section(
        lines,
        streams(snapshot),
        row ->
            snapshot.streams().get(row).isDeadLetters()
                    && snapshot.streams().get(row).length().orElse(0) > 0
                ? Tone.BAD
                : Tone.PLAIN);
    snapshot.problem().ifPresent(text -> lines.add(new Line(Tone.BAD, text)));
    List<Snapshot.Happening> events = snapshot.events();
    if (!events.isEmpty()) {
      section(lines, events(snapshot), row -> events.get(row).warning() ? Tone.BAD : Tone.PLAIN);
    }
    return lines;
  }

  /** The tone of a row. */
  private interface Tones {
    Tone of(int row);
  }

  private static void section(List<Line> lines, TextTable table, Tones tones) {
    List<String> texts = table.lines();
    if (!lines.isEmpty()) {
      lines.add(new Line(Tone.PLAIN, ""));
    }
    lines.add(new Line(Tone.HEADING, texts.getFirst()));
    for (int i = 1; i < texts.size(); i++) {
      lines.add(new Line(tones.of(i - 1), texts.get(i)));
    }
  }

  private static Tone tone(boolean good) {
    return good ? Tone.GOOD : Tone.BAD;
  }

  private static TextTable resources(Snapshot snapshot) {
    TextTable table = new TextTable("RESOURCE", "READY", "WORKERS", "");
    for (Snapshot.Resource it : snapshot.resources()) {
      table.row(it.shortName(), it.ready(), it.workers(), it.reason());
    }
    return table;
  }

  private static TextTable pods(List<FleetPod> pods) {
    TextTable table = new TextTable("POD", "READY", "STATUS", "RESTARTS", "PID", "METRICS");
    for (FleetPod it : pods) {
      table.row(
          it.name(),
          it.ready() ? "yes" : "no",
          it.status(),
          Integer.toString(it.restarts()),
          text(it.pid()),
          it.url().map(url -> url + "/metrics").orElse("-"));
    }
    return table;
  }

  private static TextTable streams(Snapshot snapshot) {
    TextTable table = new TextTable("STREAM", "LENGTH", "PENDING", "LAG", "RATE", "GROUP");
    for (Snapshot.Stream it : snapshot.streams()) {
      if (it.isDeadLetters()) {
        table.row(it.stream(), text(it.length()), "", "", "", "(dead letters)");
      } else {
        table.row(
            it.stream(),
            text(it.length()),
            text(it.pending()),
            text(it.lag()),
            text(it.rate()),
            it.group());
      }
    }
    return table;
  }

  private static TextTable events(Snapshot snapshot) {
    TextTable table = new TextTable("EVENT", "REASON", "ABOUT", "");
    snapshot.events().stream()
        .limit(MOST_EVENTS)
        .forEach(
            it ->
                table.row(
                    age(Duration.between(it.at(), snapshot.at())),
                    it.reason(),
                    it.about(),
                    it.message() + (it.times() > 1 ? " (%d times)".formatted(it.times()) : "")));
    return table;
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
