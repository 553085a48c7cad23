package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The live settings of a pipeline, and their users. Belongs to the pipeline's loop. */
final class SettingsInForce {

  private final List<Consumer<LiveSettings>> users = new ArrayList<>();
  private final MinIdle minIdle;
  private LiveSettings current;

  /** Cached, since it is needed for each entry. */
  private long minIdleNanos;

  SettingsInForce(LiveSettings atStart, EventLoop loop) {
    current = atStart;
    minIdle = new MinIdle(atStart.autoclaim().minIdle(), loop::after, this::tellAll);
    minIdleNanos = renewedWithin().toNanos();
  }

  /**
   * Adds a user, which gets the current settings now and each change on the loop. It may get the
   * same settings more than once. To be called before the loop starts.
   */
  void subscribe(Consumer<LiveSettings> user) {
    users.add(user);
    user.accept(current);
  }

  /** Changes the settings. */
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

  /** The most that one read asks for. */
  int batchSize() {
    return current.batchSize();
  }

  /** Nobody claims what was renewed within this time. */
  Duration renewedWithin() {
    return minIdle.forRenewing();
  }

  /** {@link #renewedWithin} in nanoseconds. */
  long renewedWithinNanos() {
    return minIdleNanos;
  }

  /**
   * An entry whose ownership was confirmed within this time may start: others may claim it after
   * twice this time at the earliest.
   */
  long freshNanos() {
    return minIdleNanos / 2;
  }

  /** Entries of others that are idle for longer are claimed. */
  Duration claimedAfter() {
    return minIdle.forClaiming();
  }
}
