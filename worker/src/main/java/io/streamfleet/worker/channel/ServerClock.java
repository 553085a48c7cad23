package io.streamfleet.worker.channel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out when the wall clock of Redis jumps, by comparing it with a clock of ours that only goes
 * on. Locks and idle times run by the server's clock: when it goes back an hour, the lock of a
 * worker that died lasts an hour longer. One for all pipelines of a process; any thread may call.
 *
 * <p>What it compares comes with replies that are on their way anyway. A slow reply leaves much
 * room for when the clock was read, so it hides a jump rather than showing one that was none.
 */
public final class ServerClock {

  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** Less is the work of a time service, and harms no lock. */
  private static final long TOLERANCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** Clocks differ in speed by less than this part. */
  private static final int SPEED_PART = 1_000;

  private static final long NANOS_A_MILLI = Duration.ofMillis(1).toNanos();

  private final Jumps jumps;
  private boolean known;

  /** Between these two the server's clock was ahead of ours when it was last seen. */
  private long least;

  private long most;
  private long seenAt;
  private boolean wentBack;
  private long backUntil;

  /** Hears of jumps. */
  public interface Jumps {
    void jumped(Duration by, boolean back);
  }

  public ServerClock(Jumps jumps) {
    this.jumps = jumps;
  }

  /**
   * A reply told the server's time.
   *
   * @param serverMillis its Unix time
   * @param sentAt when the call was sent, in nanoseconds of a monotonic clock
   * @param now when its reply was read
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
                ? "the clock of Redis went back, or another server took over whose clock is behind:"
                    + " idle times stay 0 for that long, and locks of workers that died last longer"
                : "the clock of Redis jumped forward, another server took over whose clock is ahead,"
                    + " or this machine slept: locks may have run out, and entries look idle");
  }

  /** Whether a lock that was taken before the clock went back may still be there. */
  synchronized boolean wentBack(long now) {
    wentBack = wentBack && now - backUntil < 0;
    return wentBack;
  }
}
