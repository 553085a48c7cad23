package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The live settings of a pipeline, and whoever works by them. Belongs to the pipeline's loop. */
final class SettingsInForce {

  private final List<Consumer<LiveSettings>> users = new ArrayList<>();
  private final MinIdle minIdle;
  private LiveSettings current;

  /** Of {@link #minIdle}: asked for each entry. */
  private long minIdleNanos;

  SettingsInForce(LiveSettings atStart, EventLoop loop) {
    current = atStart;
    minIdle = new MinIdle(atStart.autoclaim().minIdle(), loop::after, this::tellAll);
    minIdleNanos = renewedWithin().toNanos();
  }

  /**
   * Adds who is told of the settings as they are, and of each change, on the loop; of one and the
   * same more than once, perhaps. Before the loop starts.
   */
  void tell(Consumer<LiveSettings> user) {
    users.add(user);
    user.accept(current);
  }

  /** Others are in force from now on. */
  void change(LiveSettings next) {
    if (!next.equals(current)) {
      current = next;
      minIdle.change(next.autoclaim().minIdle());
      tellAll();
    }
  }

  private void tellAll() {
    minIdleNanos = renewedWithin().toNanos();
    users.forEach(user -> user.accept(current));
  }

  /** Nobody claims what was renewed within this time. */
  Duration renewedWithin() {
    return minIdle.forRenewing();
  }

  /** The same in nanoseconds. */
  long renewedWithinNanos() {
    return minIdleNanos;
  }

  /**
   * An entry whose ownership was confirmed within this time is ours: others may claim it after
   * twice as long at the earliest.
   */
  long freshNanos() {
    return minIdleNanos / 2;
  }

  /** What was idle for longer is claimed. */
  Duration claimedAfter() {
    return minIdle.forClaiming();
  }
}
