package io.streamfleet.local.view;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Computes how many entries are settled each second, from the counters of workers. A worker that
 * ends or starts does not change the rate. For one thread.
 */
final class Rates {

  /** The mean over some seconds: the rate of one second jumps with every batch. */
  private static final int SAMPLES = 5;

  private static final Pattern ACKED =
      Pattern.compile(
          "^streamfleet_entries_acked_total\\{(?<labels>[^}]*)\\} (?<value>\\S+)$",
          Pattern.MULTILINE);

  private static final Pattern STREAM = Pattern.compile("(?:^|,)stream=\"([^\"]*)\"");

  private final Map<String, Double> counts = new HashMap<>();
  private final Map<String, Double> totals = new HashMap<>();
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, Map<String, Double> totals) {}

  /** Adds the counters of a worker, in Prometheus' text format. */
  void worker(String pod, String metrics) {
    Matcher line = ACKED.matcher(metrics);
    while (line.find()) {
      Matcher stream = STREAM.matcher(line.group("labels"));
      if (stream.find()) {
        double now = Double.parseDouble(line.group("value"));
        Double before = counts.put(pod + ' ' + stream.group(1), now);
        // After a restart counters begin at zero.
        double more = before == null ? 0 : Math.max(0, now - before);
        totals.merge(stream.group(1), more, Double::sum);
      }
    }
  }

  /** Called when all workers were read. */
  void lookedAt(long nanos) {
    samples.addLast(new Sample(nanos, Map.copyOf(totals)));
    if (samples.size() > SAMPLES + 1) {
      samples.removeFirst();
    }
  }

  /** Entries of a stream each second; empty before there are two observations. */
  OptionalDouble of(String stream) {
    if (samples.size() < 2 || !totals.containsKey(stream)) {
      return OptionalDouble.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double entries =
        last.totals().getOrDefault(stream, 0.0) - first.totals().getOrDefault(stream, 0.0);
    return OptionalDouble.of(entries * 1e9 / Math.max(1, last.nanos() - first.nanos()));
  }
}
