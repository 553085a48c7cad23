package io.streamfleet.commands.status;

import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;

/**
 * Whether what waits grows.
 *
 * @param direction of the lag between two looks
 * @param perSecond by how many entries a second; 0 where only the age of the oldest could be told
 */
public record Trend(Direction direction, double perSecond) {

  /** Where the lag goes. */
  public enum Direction {
    GROWING,
    SHRINKING,
    STEADY,
    /** Nobody looked twice, or Redis could not tell. */
    UNKNOWN
  }

  /** Less than one entry in two seconds is the noise of a queue that is well. */
  private static final double NOISE = 0.5;

  /** Compares two looks at a group. */
  static Trend between(ObservedGroup before, ObservedGroup after, Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    if (seconds <= 0) {
      return new Trend(Direction.UNKNOWN, 0);
    }
    if (before.lag().isPresent() && after.lag().isPresent()) {
      double perSecond = (after.lag().getAsLong() - before.lag().getAsLong()) / seconds;
      return new Trend(
          perSecond > NOISE
              ? Direction.GROWING
              : perSecond < -NOISE ? Direction.SHRINKING : Direction.STEADY,
          Math.abs(perSecond));
    }
    if (before.oldestUnread().isPresent() && after.oldestUnread().isPresent()) {
      // Redis does not know the lag; but who reads nothing gets older as fast as the clock runs.
      Duration older = after.oldestUnread().get().minus(before.oldestUnread().get());
      return new Trend(
          older.compareTo(elapsed.dividedBy(2)) > 0
              ? Direction.GROWING
              : older.isNegative() ? Direction.SHRINKING : Direction.STEADY,
          0);
    }
    return new Trend(Direction.UNKNOWN, 0);
  }

  /** For a person: {@code growing 12/s}, {@code shrinking 30/s, done in 40s}. */
  String told(long lag) {
    return switch (direction) {
      case UNKNOWN -> Text.NOTHING;
      case STEADY -> "steady";
      case GROWING -> "growing" + rate();
      case SHRINKING ->
          "shrinking"
              + rate()
              + (perSecond > 0 && lag > 0
                  ? ", done in " + Text.age(Duration.ofSeconds((long) Math.ceil(lag / perSecond)))
                  : "");
    };
  }

  private String rate() {
    return perSecond == 0 ? "" : " " + Text.number(Math.max(1, Math.round(perSecond))) + "/s";
  }
}
