package io.streamfleet.apiserver.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Formats ages as in kubectl's tables: the older, the coarser.
 *
 * @see <a
 *     href="https://github.com/kubernetes/apimachinery/blob/master/pkg/util/duration/duration.go">HumanDuration
 *     there</a>
 */
record Ages(Clock clock) {

  /** The time since a time stamp; {@code <unknown>} if it is empty. */
  String since(String timestamp) {
    if (timestamp.isEmpty()) {
      return "<unknown>";
    }
    try {
      return text(Duration.between(Instant.parse(timestamp), clock.instant()));
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
  }

  static String text(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    } else if (minutes < 10) {
      return both(minutes, "m", seconds % 60, "s");
    } else if (hours < 3) {
      return minutes + "m";
    } else if (hours < 8) {
      return both(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (days < 8) {
      return both(days, "d", hours % 24, "h");
    }
    return days + "d";
  }

  private static String both(long great, String greatUnit, long small, String smallUnit) {
    return great + greatUnit + (small == 0 ? "" : small + smallUnit);
  }
}
