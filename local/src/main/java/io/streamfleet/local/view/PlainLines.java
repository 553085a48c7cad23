package io.streamfleet.local.view;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Displays a fleet without a terminal: a line at intervals, and one for each Event. */
public final class PlainLines implements Display {

  /** Often enough to show that it runs, seldom enough for a log. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final String prefix;
  private final Map<String, Integer> events = new HashMap<>();
  private List<Snapshot.Resource> resources = List.of();
  private Optional<String> problem = Optional.empty();
  private @Nullable Instant last;

  /**
   * @param prefix of each line
   */
  public PlainLines(PrintWriter out, String prefix) {
    this.out = out;
    this.prefix = prefix;
  }

  @Override
  public void show(Snapshot snapshot) {
    events(snapshot);
    if (!snapshot.problem().equals(problem)) {
      problem = snapshot.problem();
      say(problem.map(it -> "warning: " + it).orElse("the streams can be observed again"));
    }
    Instant before = last;
    boolean due = before == null || !snapshot.at().isBefore(before.plus(INTERVAL));
    if (due || !snapshot.resources().equals(resources)) {
      last = snapshot.at();
      resources = snapshot.resources();
      resources.forEach(it -> say(sentence(it)));
      say(sentence(snapshot));
    }
    out.flush();
  }

  private void events(Snapshot snapshot) {
    snapshot.events().stream()
        .sorted(Comparator.comparing(Snapshot.Happening::at))
        .forEach(
            it -> {
              Integer before = events.put(it.about() + it.reason() + it.message(), it.times());
              if (before == null) {
                say(
                    "%s: %s %s: %s"
                        .formatted(
                            it.warning() ? "warning" : "event",
                            it.reason(),
                            it.about(),
                            it.message()));
              }
            });
  }

  private static String sentence(Snapshot.Resource it) {
    String state = it.isReady() ? "ready" : "not ready";
    return "%s: workers %s, %s%s"
        .formatted(
            it.shortName(), it.workers(), state, it.reason().isEmpty() ? "" : ": " + it.reason());
  }

  private static String sentence(Snapshot snapshot) {
    double rate = 0;
    OptionalLong pending = OptionalLong.empty();
    OptionalLong lag = OptionalLong.of(0);
    long dead = 0;
    for (Snapshot.Stream it : snapshot.streams()) {
      if (it.isDeadLetters()) {
        dead += it.length().orElse(0);
        continue;
      }
      rate += it.rate().orElse(0);
      pending = OptionalLong.of(pending.orElse(0) + it.pending().orElse(0));
      lag =
          lag.isPresent() && it.lag().isPresent()
              ? OptionalLong.of(lag.getAsLong() + it.lag().getAsLong())
              : OptionalLong.empty();
    }
    return String.format(
        Locale.ROOT,
        "%.1f entries a second settled, %s pending, lag %s, %d dead letters",
        rate,
        pending.isPresent() ? pending.getAsLong() : "-",
        lag.isPresent() ? lag.getAsLong() : "unknown",
        dead);
  }

  private void say(String line) {
    out.println(prefix + line);
  }

  @Override
  public void close() {
    out.flush();
  }
}
