package io.streamfleet.process.log;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * For a loop that fails again and again: the first occurrence is said at once, then at most one per
 * interval, with how many went unsaid; and the end of it once. One object for each thing to say.
 *
 * {@snippet :
 * failing.say(unsaid -> log.atWarn().addKeyValue("unsaid", unsaid).log("the read failed; trying again"));
 * // … and when it worked:
 * failing.over(times -> log.atInfo().addKeyValue("failures", times).log("reading again"));
 * }
 *
 * <p>Any thread may call; the line is written outside the lock.
 */
public final class Sparingly {

  private final long intervalNanos;
  private final LongSupplier nanoClock;
  private long times;
  private long unsaid;
  private long lastSaid;

  /**
   * @param interval the least time between two lines
   * @param nanoClock such as {@code System::nanoTime}
   */
  public Sparingly(Duration interval, LongSupplier nanoClock) {
    this.intervalNanos = interval.toNanos();
    this.nanoClock = nanoClock;
  }

  /**
   * It happened.
   *
   * @param line writes the line, if one is due; it is given how many occurrences went unsaid since
   *     the last
   */
  public void say(LongConsumer line) {
    due().ifPresent(line);
  }

  /**
   * It is over: the next occurrence is a first one again.
   *
   * @param line writes a line, if it had happened at all since it was last over; it is given how
   *     often
   */
  public void over(LongConsumer line) {
    long happened = reset();
    if (happened > 0) {
      line.accept(happened);
    }
  }

  private synchronized OptionalLong due() {
    long now = nanoClock.getAsLong();
    if (times++ > 0 && now - lastSaid < intervalNanos) {
      unsaid++;
      return OptionalLong.empty();
    }
    OptionalLong result = OptionalLong.of(unsaid);
    unsaid = 0;
    lastSaid = now;
    return result;
  }

  private synchronized long reset() {
    long happened = times;
    times = 0;
    unsaid = 0;
    return happened;
  }
}
