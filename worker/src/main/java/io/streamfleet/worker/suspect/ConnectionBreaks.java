package io.streamfleet.worker.suspect;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Tells whether a connection broke alone or together with others, as when the endpoint's process
 * dies. Belongs to the pipeline's loop.
 */
public final class ConnectionBreaks {

  /**
   * Connections that end with their process end within milliseconds. Over a network, and on a busy
   * machine, the news of all of them takes longer to arrive.
   */
  private static final Duration WINDOW = Duration.ofMillis(200);

  private final EventLoop loop;
  private final ArrayDeque<Long> breaks = new ArrayDeque<>();

  public ConnectionBreaks(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * A connection broke during a request.
   *
   * @param then called after 200 ms, on the loop: whether another connection broke within 200 ms
   *     before or after
   */
  public void broke(Consumer<Boolean> then) {
    long now = loop.now();
    breaks.addLast(now);
    loop.after(WINDOW, () -> then.accept(others(now) > 0));
  }

  private long others(long at) {
    long near = WINDOW.toNanos();
    // Calls come in order of time, so a break older than the window is of no use to later ones.
    while (!breaks.isEmpty() && at - breaks.getFirst() > near) {
      breaks.removeFirst();
    }
    return breaks.stream().filter(it -> Math.abs(it - at) <= near).limit(2).count() - 1;
  }
}
