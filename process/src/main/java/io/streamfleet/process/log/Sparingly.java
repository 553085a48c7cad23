package io.streamfleet.process.log;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * For a loop that fails again and again: the first occurrence is said at once, then at most one per
 * interval, with how many went unsaid; and the end of what was said. Trouble that comes and goes is
 * said no more often. One object for each thing to say.
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
  private OptionalLong lastSaid = OptionalLong.empty();
  private boolean endIsDue;

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
   * @return whether a line was due
   */
  public boolean say(LongConsumer line) {
    OptionalLong due = due();
    due.ifPresent(line);
    return due.isPresent();
  }

  /**
   * It is over.
   *
   * @param line writes a line, if one was written when it happened; it is given how often it
   *     happened since the last end that was said
   */
  public void over(LongConsumer line) {
    long happened = reset();
    if (happened > 0) {
      line.accept(happened);
    }
  }

  private synchronized OptionalLong due() {
    long now = nanoClock.getAsLong();
    times++;
    if (lastSaid.isPresent() && now - lastSaid.getAsLong() < intervalNanos) {
      unsaid++;
      return OptionalLong.empty();
    }
    OptionalLong result = OptionalLong.of(unsaid);
    unsaid = 0;
    lastSaid = OptionalLong.of(now);
    endIsDue = true;
    return result;
  }

  private synchronized long reset() {
    if (!endIsDue) {
      return 0;
    }
    long happened = times;
    times = 0;
    unsaid = 0;
    endIsDue = false;
    return happened;
  }
}
