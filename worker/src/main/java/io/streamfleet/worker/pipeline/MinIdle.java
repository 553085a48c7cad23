package io.streamfleet.worker.pipeline;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The idle time after which entries are claimed, while it changes. Workers apply a change at
 * different times. Until all have applied it, each renews by the shorter time and claims by the
 * longer one; otherwise a worker with a shorter time would claim entries that another one is
 * handling. Belongs to the pipeline's loop.
 */
final class MinIdle {

  /**
   * How long it takes at most until all workers of a fleet have applied a change: the kubelet
   * checks a ConfigMap once a minute, and its cache may be a minute old.
   */
  static final Duration SPREAD = Duration.ofMinutes(2);

  private final BiConsumer<Duration, Runnable> after;
  private final Runnable changed;
  private Duration shortest;
  private Duration longest;
  private int changes;

  /**
   * @param after runs a task after a delay, on the loop
   * @param changed called when one of the times has changed
   */
  MinIdle(Duration atStart, BiConsumer<Duration, Runnable> after, Runnable changed) {
    this.shortest = atStart;
    this.longest = atStart;
    this.after = after;
    this.changed = changed;
  }

  /** The time within which entries must be renewed. */
  Duration forRenewing() {
    return shortest;
  }

  /** The idle time after which entries of others are claimed. */
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
