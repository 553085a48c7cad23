package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Errand.Kind;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The published messages: each is a function of the seed and its number alone.
 *
 * @param channels how many channels they are spread over, the first ones busier
 * @param longest the longest handling time: longer than locks and idle times
 */
public record Messages(long seed, int channels, Duration longest) {

  /** Unordered messages in a hundred. */
  private static final int UNORDERED = 10;

  /** One message in this many is large: two of them fill a worker's payload buffer. */
  private static final int LARGE_ONE_IN = 150;

  private static final int LARGE_BYTES = 1_500_000;

  /**
   * One message.
   *
   * @param ordered whether it is ordered within its channel ({@code is_addressed})
   * @param padding additional bytes of payload
   */
  public record Message(long number, String channel, boolean ordered, Errand errand, int padding) {}

  public Message message(long number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    // The minimum of two: the first channel has nearly twice its share, the last almost nothing.
    int other = random.nextInt(channels);
    int channel = Math.min(other, random.nextInt(channels));
    boolean ordered = random.nextInt(100) >= UNORDERED;
    int padding = number % LARGE_ONE_IN == LARGE_ONE_IN / 2 ? LARGE_BYTES : 0;
    return new Message(number, "c" + channel, ordered, errand(random), padding);
  }

  /** A message that kills each worker that handles it. */
  public Message fatal(long number, int channel) {
    return ordered(number, channel, new Errand(Kind.FATAL, 0), 0);
  }

  /** A message with an errand in a channel. */
  public Message ordered(long number, int channel, Errand errand, int padding) {
    return new Message(number, "c" + channel % channels, true, errand, padding);
  }

  /** A message in a channel that no other message uses. */
  public Message alone(long number, String channel, Errand errand) {
    return new Message(number, channel, true, errand, 0);
  }

  /** In thousandths: most are plain, and errands that block a channel for seconds are rare. */
  private Errand errand(SplittableRandom random) {
    int dice = random.nextInt(1000);
    int moment = random.nextInt(25);
    if (dice < 3) {
      return new Errand(Kind.PLAIN, Math.toIntExact(longest.toMillis()));
    }
    if (dice < 5) {
      return new Errand(Kind.HANG_ONCE, moment);
    }
    if (dice < 30) {
      return new Errand(Kind.PLAIN, 200 + random.nextInt(600));
    }
    return new Errand(kind(dice), moment);
  }

  private static Kind kind(int dice) {
    if (dice < 80) {
      return Kind.EMIT;
    } else if (dice < 90) {
      return Kind.FAIL_LATE;
    } else if (dice < 130) {
      return Kind.FAIL_ONCE;
    } else if (dice < 140) {
      return Kind.FAIL_TWICE;
    } else if (dice < 150) {
      return Kind.DROP_ONCE;
    } else if (dice < 160) {
      return Kind.POISON;
    } else if (dice < 170) {
      return Kind.REFUSE;
    } else {
      return dice < 180 ? Kind.GARBAGE : Kind.PLAIN;
    }
  }
}
