package io.streamfleet.worker.channel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects jumps of the wall clock of Redis, by comparing it with a monotonic clock of this process.
 * Locks and idle times depend on the server's clock: if it goes back an hour, the lock of a worker
 * that died lasts an hour longer. One object for all pipelines of a process; thread-safe.
 *
 * <p>The server's time is part of replies that are needed anyway. It is less precise in a slow
 * reply, so a slow reply may hide a jump but never shows a false one.
 */
public final class ServerClock {

  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** Smaller jumps are corrections of a time service and do not affect locks. */
  private static final long TOLERANCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** Two clocks differ in speed by less than this part. */
  private static final int SPEED_PART = 1_000;

  private static final long NANOS_A_MILLI = Duration.ofMillis(1).toNanos();

  private final Jumps jumps;
  private boolean known;

  /** The server's clock was last ahead of the monotonic clock by at least this and at most that. */
  private long least;

  private long most;
  private long seenAt;
  private boolean wentBack;
  private long backUntil;

  /** Notified of jumps. */
  public interface Jumps {
    void jumped(Duration by, boolean back);
  }

  public ServerClock(Jumps jumps) {
    this.jumps = jumps;
  }

  /**
   * Processes the server's time in a reply.
   *
   * @param serverMillis the server's Unix time in milliseconds
   * @param sentAt when the call was sent, in nanoseconds of the monotonic clock
   * @param now when the reply was processed, by the same clock
   */
  void saw(long serverMillis, long sentAt, long now) {
    Duration by;
    boolean back;
    synchronized (this) {
      long leastNow = serverMillis * NANOS_A_MILLI - now;
      long mostNow = (serverMillis + 1) * NANOS_A_MILLI - sentAt;
      long tolerance = TOLERANCE_NANOS + (now - seenAt) / SPEED_PART;
      back = known && least - mostNow > tolerance;
      boolean forward = known && leastNow - most > tolerance;
      long jump = back ? least - mostNow : forward ? leastNow - most : 0;
      known = true;
      least = leastNow;
      most = mostNow;
      seenAt = now;
      if (jump == 0) {
        return;
      }
      by = Duration.ofNanos(jump);
      if (back) {
        wentBack = true;
        backUntil = now + jump;
      }
    }
    jumps.jumped(by, back);
    LOG.atWarn()
        .addKeyValue("seconds", by.toSeconds())
        .log(
            back
                ? "the clock of Redis went back, or a server whose clock is behind took over:"
                    + " idle times stay 0 for that long, and locks of dead workers last longer"
                : "the clock of Redis jumped forward, a server whose clock is ahead took over,"
                    + " or this machine was suspended: locks may have expired, and entries look idle");
  }

  /** Whether locks that were acquired before the clock went back may still exist. */
  synchronized boolean wentBack(long now) {
    wentBack = wentBack && now - backUntil < 0;
    return wentBack;
  }
}
