package io.streamfleet.local.view;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast entries are settled, from what workers count. A worker that goes takes its count along
 * and one that comes begins at zero; neither is a change of the rate. Used by one thread.
 */
final class Rates {

  /** The mean of some seconds: the rate of one second jumps with every batch. */
  private static final int LOOKS = 5;

  private static final Pattern ACKED =
      Pattern.compile(
          "^streamfleet_entries_acked_total\\{(?<labels>[^}]*)\\} (?<value>\\S+)$",
          Pattern.MULTILINE);

  private static final Pattern STREAM = Pattern.compile("(?:^|,)stream=\"([^\"]*)\"");

  private final Map<String, Double> counts = new HashMap<>();
  private final Map<String, Double> totals = new HashMap<>();
  private final Deque<Look> looks = new ArrayDeque<>();

  private record Look(long nanos, Map<String, Double> totals) {}

  /** Takes in what a worker counts, in Prometheus' text format. */
  void worker(String pod, String metrics) {
    Matcher line = ACKED.matcher(metrics);
    while (line.find()) {
      Matcher stream = STREAM.matcher(line.group("labels"));
      if (stream.find()) {
        double now = Double.parseDouble(line.group("value"));
        Double before = counts.put(pod + ' ' + stream.group(1), now);
        // A restart begins at zero again.
        double more = before == null ? 0 : Math.max(0, now - before);
        totals.merge(stream.group(1), more, Double::sum);
      }
    }
  }

  /** All workers have been looked at. */
  void lookedAt(long nanos) {
    looks.addLast(new Look(nanos, Map.copyOf(totals)));
    if (looks.size() > LOOKS + 1) {
      looks.removeFirst();
    }
  }

  /** Entries of a stream a second; empty before there are two looks. */
  OptionalDouble of(String stream) {
    if (looks.size() < 2 || !totals.containsKey(stream)) {
      return OptionalDouble.empty();
    }
    Look first = looks.getFirst();
    Look last = looks.getLast();
    double entries =
        last.totals().getOrDefault(stream, 0.0) - first.totals().getOrDefault(stream, 0.0);
    return OptionalDouble.of(entries * 1e9 / Math.max(1, last.nanos() - first.nanos()));
  }
}
