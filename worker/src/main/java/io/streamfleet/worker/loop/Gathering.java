package io.streamfleet.worker.loop;

import java.time.Duration;

/**
 * Lets a call wait a moment until there is enough for it: a call for little costs as much as one
 * for much. Belongs to the loop.
 */
public final class Gathering {

  /** An acknowledgement waits this long for others at the most; a handled entry is safe anyway. */
  public static final Duration OF_SETTLEMENTS = Duration.ofMillis(2);

  private final EventLoop loop;
  private final Duration longest;
  private boolean waits;
  private boolean waited;

  /**
   * @param longest the longest wait
   */
  public Gathering(EventLoop loop, Duration longest) {
    this.loop = loop;
    this.longest = longest;
  }

  /** Whether to call now; if not, there is a turn of the loop when it is time. */
  public boolean isOver(boolean isEnough) {
    if (isEnough || waited) {
      return true;
    }
    if (!waits) {
      waits = true;
      loop.after(
          longest,
          () -> {
            waits = false;
            waited = true;
          });
    }
    return false;
  }

  /** The call is sent: what comes now is gathered for the next one. */
  public void begin() {
    waited = false;
  }
}
