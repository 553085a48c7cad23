package io.streamfleet.worker.channel;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a lane keeps its lock while it has work. The original's workers wait for the same locks
 * by polling, so a lane gives its lock up for a moment now and then. The moment is a part of the
 * time that the lock was held, and a poll meets the free lock with that probability. Belongs to the
 * pipeline's loop.
 */
final class Turns {

  /**
   * A lane works that long before it gives its lock up. The moment after it delays the channel, so
   * turns are short; each costs a release and an acquisition, so they are not shorter.
   */
  private static final long TURN_NANOS = Duration.ofMillis(250).toNanos();

  /**
   * The part of the time that a lock is free where others use such locks: as good as every tenth
   * poll meets it.
   */
  private static final int PART_AMONG_OTHERS = 10;

  /**
   * The part where nobody else was met: who comes new and polls every 100 ms gets it within
   * seconds.
   */
  private static final int PART_ALONE = 50;

  /**
   * Others that were met are expected for that long: a bot that is idle at night is there again by
   * day.
   */
  private static final long MEMORY_NANOS = Duration.ofHours(24).toNanos();

  /** A shorter moment is no chance for anybody. */
  private static final long SHORTEST_NANOS = Duration.ofMillis(1).toNanos();

  /**
   * Covers the poll of the original's workers, so they surely meet it after a long handler call.
   */
  private static final long LONGEST_NANOS = Duration.ofMillis(150).toNanos();

  private final RandomGenerator random;
  private final boolean areNeeded;
  private boolean metOthers;
  private long metAt;

  /**
   * @param areNeeded whether anybody else may wait for the locks
   */
  Turns(RandomGenerator random, boolean areNeeded) {
    this.random = random;
    this.areNeeded = areNeeded;
  }

  /** Somebody who is no worker of ours holds a lock. */
  void metOther(long now) {
    metOthers = true;
    metAt = now;
  }

  /** Where nobody else wants its lock a lane begins the next turn at once. */
  boolean isOver(Lane lane, long now) {
    boolean isOver = now - lane.heldSince >= TURN_NANOS;
    if (isOver && !areNeeded) {
      lane.heldSince = now;
    }
    return isOver && areNeeded;
  }

  /** When a turn ends that begins now, or that began when the lane got its lock. */
  long end(long begin) {
    return begin + TURN_NANOS;
  }

  /**
   * For how many nanoseconds the lock is free after a turn. A random part keeps turns from running
   * in step with polls.
   */
  long rest(Lane lane, long now) {
    metOthers = metOthers && now - metAt < MEMORY_NANOS;
    long mean = (now - lane.heldSince) / (metOthers ? PART_AMONG_OTHERS : PART_ALONE);
    long moment = mean / 2 + random.nextLong(mean + 1);
    return Math.clamp(moment, SHORTEST_NANOS, LONGEST_NANOS);
  }
}
