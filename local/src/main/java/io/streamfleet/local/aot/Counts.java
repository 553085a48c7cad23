package io.streamfleet.local.aot;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Some numbers from a worker's metrics, summed over its streams.
 *
 * @param lag entries that no consumer of the group has read yet
 */
public record Counts(
    long inboundRead,
    long outboundRead,
    long acknowledged,
    long pending,
    long lag,
    long deadLetters) {

  /** Parses Prometheus' text format. */
  static Counts of(String metrics) {
    String read = "streamfleet_entries_read_total{";
    String inbound = "stream=\"sg:stream:inbound\"";
    return new Counts(
        (long)
            values(metrics, read)
                .filter(line -> line.contains(inbound))
                .mapToDouble(Counts::value)
                .sum(),
        (long)
            values(metrics, read)
                .filter(line -> !line.contains(inbound))
                .mapToDouble(Counts::value)
                .sum(),
        sum(metrics, "streamfleet_entries_acked_total{"),
        sum(metrics, "streamfleet_group_pending{"),
        sum(metrics, "streamfleet_group_lag{"),
        // There is one dead-letter stream, reported once for each stream that is read.
        (long) numbers(metrics, "streamfleet_dead_letters{").max().orElse(0));
  }

  private static long sum(String metrics, String series) {
    return (long) numbers(metrics, series).sum();
  }

  private static DoubleStream numbers(String metrics, String series) {
    return values(metrics, series).mapToDouble(Counts::value);
  }

  private static Stream<String> values(String metrics, String series) {
    return metrics.lines().filter(line -> line.startsWith(series));
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Override
  public String toString() {
    return "%d inbound and %d outbound read, %d acknowledged, %d pending, lag %d, %d dead letters"
        .formatted(inboundRead, outboundRead, acknowledged, pending, lag, deadLetters);
  }
}
