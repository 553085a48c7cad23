package io.streamfleet.worker.limit;

import io.streamfleet.api.LimitPer;
import io.streamfleet.api.LimitsSpec;
import io.streamfleet.api.RateText;
import io.streamfleet.api.RateText.Rate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rates of one pipeline.
 *
 * @param ofPlatform the rate of all its messages together; null for no limit
 * @param ofChannel the rate of each channel; null for no limit
 * @param key the key in Redis that stores the use of the platform's rate; keys of channels derive
 *     from it
 */
public record Rates(@Nullable Bound ofPlatform, @Nullable Bound ofChannel, String key) {

  /** No limits. */
  public static final Rates NONE = new Rates(null, null, "");

  /** The default burst, as a time of the rate: long enough to use the rate despite short pauses. */
  private static final Duration WORTH = Duration.ofMillis(100);

  /** How long a worker waits at most to take several permissions in one call; not noticeable. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

  /**
   * A rate with its burst.
   *
   * @param micros the time between two messages at this rate, in microseconds
   * @param burst how many messages may start at once
   */
  public record Bound(double micros, int burst) {

    private static Bound of(String text, @Nullable Integer burst) {
      Rate rate = RateText.parse(text);
      double micros = rate.nanosBetween() / 1_000;
      int worth = Math.clamp((long) (WORTH.toNanos() / 1_000.0 / micros), 1, Integer.MAX_VALUE);
      return new Bound(micros, burst == null ? worth : burst);
    }

    /**
     * How long to wait in order to take several permissions at once: at most half the time in which
     * the burst refills, since a full burst would leave a part of the rate unused.
     */
    Duration pause() {
      Duration half = Duration.ofNanos((long) (micros * burst * 500));
      return half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE;
    }
  }

  /**
   * The rates of a manifest.
   *
   * @param platform replaces {@code {platform}} in the key
   */
  public static Rates of(@Nullable LimitsSpec limits, String platform) {
    String rate = limits == null ? null : limits.rate();
    if (limits == null || rate == null) {
      return NONE;
    }
    String key = limits.keyTemplate().replace("{platform}", platform);
    Bound first = Bound.of(rate, limits.burst());
    if (limits.per() == LimitPer.Channel) {
      return new Rates(null, first, key);
    }
    String second = limits.channelRate();
    return new Rates(first, second == null ? null : Bound.of(second, null), key);
  }

  /** Whether any rate is limited. */
  public boolean isThere() {
    return ofPlatform != null || ofChannel != null;
  }
}
