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
 * @param ofPlatform that of all its messages together; none if there is none
 * @param ofChannel that of each channel; none if there is none
 * @param key under which Redis keeps how far they are used up
 */
public record Rates(@Nullable Bound ofPlatform, @Nullable Bound ofChannel, String key) {

  /** None at all. */
  public static final Rates NONE = new Rates(null, null, "");

  /** A burst, where none is given: so much of the rate keeps it used in spite of short pauses. */
  private static final Duration WORTH = Duration.ofMillis(100);

  /** Between two calls of a worker, where it waits for several at a time: nobody notices. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

  /**
   * A rate with its burst.
   *
   * @param micros from one message to the next, if they come evenly
   * @param burst how many may begin at once
   */
  public record Bound(double micros, int burst) {

    private static Bound of(String text, @Nullable Integer burst) {
      Rate rate = RateText.parse(text);
      double micros = rate.nanosBetween() / 1_000;
      int worth = Math.clamp((long) (WORTH.toNanos() / 1_000.0 / micros), 1, Integer.MAX_VALUE);
      return new Bound(micros, burst == null ? worth : burst);
    }

    /**
     * How long to wait for several at a time: not so long that the burst fills up, which would
     * leave a part of the rate unused.
     */
    Duration pause() {
      Duration half = Duration.ofNanos((long) (micros * burst * 500));
      return half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE;
    }
  }

  /**
   * Those of a manifest.
   *
   * @param platform what stands for {@code {platform}} in the key
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

  /** Whether there is any. */
  public boolean isThere() {
    return ofPlatform != null || ofChannel != null;
  }
}
