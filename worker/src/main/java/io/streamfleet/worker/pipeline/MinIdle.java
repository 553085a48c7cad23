package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * How long entries may be idle before others take them, as of when it changes: workers hear of a
 * change at different times, and until all have, each renews by the shorter time and claims by the
 * longer. Else one that has heard of a shorter time would take what another one works on. Belongs
 * to the pipeline's loop.
 */
final class MinIdle {

  /**
   * How long it takes at most until all workers of a fleet have heard of a change: the kubelet
   * looks at a ConfigMap once a minute, and its cache may be a minute old.
   */
  static final Duration SPREAD = Duration.ofMinutes(2);

  private final BiConsumer<Duration, Runnable> after;
  private final Runnable changed;
  private Duration shortest;
  private Duration longest;
  private int changes;

  /**
   * @param after runs something later, on the loop
   * @param changed hears that one of the times is another
   */
  MinIdle(Duration atStart, BiConsumer<Duration, Runnable> after, Runnable changed) {
    this.shortest = atStart;
    this.longest = atStart;
    this.after = after;
    this.changed = changed;
  }

  /** By which entries are renewed, and by which they are surely ours. */
  Duration forRenewing() {
    return shortest;
  }

  /** By which entries of others are claimed. */
  Duration forClaiming() {
    return longest;
  }

  void change(Duration next) {
    if (changes == 0 && next.equals(longest)) {
      return;
    }
    changes++;
    set(min(shortest, next), max(longest, next));
    after.accept(
        SPREAD,
        () -> {
          if (--changes == 0) {
            set(next, next);
          }
        });
  }

  private void set(Duration newShortest, Duration newLongest) {
    if (!newShortest.equals(shortest) || !newLongest.equals(longest)) {
      shortest = newShortest;
      longest = newLongest;
      changed.run();
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
