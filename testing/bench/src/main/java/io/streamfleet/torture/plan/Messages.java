package io.streamfleet.torture.plan;

import io.streamfleet.torture.plan.Errand.Kind;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The messages that are published: each follows from the seed and its number alone.
 *
 * @param channels over how many channels they are spread, the first ones busier than the others
 * @param longest how long the longest handling takes: longer than locks and idle times
 */
public record Messages(long seed, int channels, Duration longest) {

  /** Messages without a turn to keep, of a hundred. */
  private static final int UNORDERED = 10;

  /** One message of so many is large: two of them fill the room that a worker has for payloads. */
  private static final int LARGE = 150;

  private static final int LARGE_BYTES = 1_500_000;

  /**
   * One message.
   *
   * @param ordered whether it keeps its turn in its channel ({@code is_addressed})
   * @param padding what it carries beside what is asked for, in bytes
   */
  public record Message(long number, String channel, boolean ordered, Errand errand, int padding) {}

  public Message message(long number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    // The smaller of two: the first channel has nearly twice its share, the last next to nothing.
    int other = random.nextInt(channels);
    int channel = Math.min(other, random.nextInt(channels));
    boolean ordered = random.nextInt(100) >= UNORDERED;
    int padding = number % LARGE == LARGE / 2 ? LARGE_BYTES : 0;
    return new Message(number, "c" + channel, ordered, errand(random), padding);
  }

  /** One that kills each worker that has it handled. */
  public Message fatal(long number, int channel) {
    return ordered(number, channel, new Errand(Kind.FATAL, 0), 0);
  }

  /** One that asks for something in a channel. */
  public Message ordered(long number, int channel, Errand errand, int padding) {
    return new Message(number, "c" + channel % channels, true, errand, padding);
  }

  /** One in a channel that no other message uses. */
  public Message alone(long number, String channel, Errand errand) {
    return new Message(number, channel, true, errand, 0);
  }

  /** In thousandths: most are plain, and what holds a channel up for seconds is rare. */
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
