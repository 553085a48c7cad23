package io.streamfleet.worker.suspect;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Tells the end of an endpoint, which takes all its connections along, from a connection that
 * breaks by itself. Belongs to the pipeline's loop.
 */
public final class BreaksTogether {

  /**
   * Connections that end with their process end within milliseconds; heard of over a network, and
   * by a machine that is busy with all of them, it takes longer.
   */
  private static final Duration TOGETHER = Duration.ofMillis(200);

  private final EventLoop loop;
  private final ArrayDeque<Long> breaks = new ArrayDeque<>();

  public BreaksTogether(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * A connection broke in mid-request.
   *
   * @param then hears, when that can be told, whether those of others did so, too
   */
  public void broke(Consumer<Boolean> then) {
    long now = loop.now();
    breaks.addLast(now);
    loop.after(TOGETHER, () -> then.accept(others(now) > 0));
  }

  private long others(long at) {
    long near = TOGETHER.toNanos();
    // Whoever asks later is no further away than this from what is still to be asked for.
    while (!breaks.isEmpty() && at - breaks.getFirst() > near) {
      breaks.removeFirst();
    }
    return breaks.stream().filter(it -> Math.abs(it - at) <= near).limit(2).count() - 1;
  }
}
