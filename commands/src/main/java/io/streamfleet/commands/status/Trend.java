package io.streamfleet.commands.status;

import io.streamfleet.commands.line.Text;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;

/**
 * The trend of a group's lag.
 *
 * @param direction the change of the lag between two inspections
 * @param perSecond the absolute change in entries per second; 0 if the lag is unknown, and only the
 *     ages of the oldest unread entries could be compared
 */
public record Trend(Direction direction, double perSecond) {

  /** The direction of the change. */
  public enum Direction {
    GROWING,
    SHRINKING,
    STEADY,
    /** There was only one inspection, or Redis knows neither the lag nor the ages. */
    UNKNOWN
  }

  /** Changes of up to this many entries per second are normal for a queue in a steady state. */
  private static final double NOISE = 0.5;

  /**
   * Compares two inspections of a group.
   *
   * @param elapsed the time between them
   */
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
      // The lag is unknown. If the group reads too slowly, its oldest unread entry gets older.
      Duration older = after.oldestUnread().get().minus(before.oldestUnread().get());
      return new Trend(
          older.compareTo(elapsed.dividedBy(2)) > 0
              ? Direction.GROWING
              : older.isNegative() ? Direction.SHRINKING : Direction.STEADY,
          0);
    }
    return new Trend(Direction.UNKNOWN, 0);
  }

  /**
   * The trend as text: {@code growing 12/s}, {@code shrinking 30/s, done in 40s}.
   *
   * @param lag the current number of unread entries; 0 if unknown
   */
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
