package io.streamfleet.process.log;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Limits how often a repeated failure is logged: the first occurrence at once, then at most one
 * line for each interval, with the number of occurrences that were not logged; and one line when it
 * is over. A failure that comes and goes is not logged more often. One object for each kind of
 * line.
 *
 * {@snippet :
 * failing.say(unsaid -> log.atWarn().addKeyValue("unsaid", unsaid).log("the read failed; trying again"));
 * // … and when it worked:
 * failing.over(times -> log.atInfo().addKeyValue("failures", times).log("reading again"));
 * }
 *
 * <p>Thread-safe; the line is written outside the lock.
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
   * Call when it happened.
   *
   * @param line writes the line, if one is due; gets the number of occurrences since the last line
   *     that were not logged
   * @return whether a line was written
   */
  public boolean say(LongConsumer line) {
    OptionalLong due = due();
    due.ifPresent(line);
    return due.isPresent();
  }

  /**
   * Call when it is over.
   *
   * @param line writes a line, if the failure was logged; gets the number of occurrences since the
   *     last end that was logged
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
