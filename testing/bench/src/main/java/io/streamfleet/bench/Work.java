package io.streamfleet.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a contender is given to do.
 *
 * @param ordered whether the entries of a channel are handled one at a time, across all workers
 * @param minIdle how long an entry must be idle to be taken from a consumer that is gone; looked
 *     for twice in that time
 * @param traced whether the fate of each entry is recorded in Redis
 */
record Work(String stream, boolean ordered, Handler handler, Duration minIdle, boolean traced) {

  /** What is done with an entry once its payload is decoded to a map. */
  sealed interface Handler {}

  /** Nothing. */
  record Discard() implements Handler {}

  /**
   * Records how late it came, by {@link Stopwatch#INTENDED}, and writes that down at the end.
   *
   * @param file of the histogram, as {@link Stopwatch#read} reads it
   */
  record Timed(Path file) implements Handler {}

  /** Waits as long, as for an answer from elsewhere. */
  record Wait(Duration duration) implements Handler {}

  /** The default of {@code spec.autoclaim.minIdle}; no lap takes so long. */
  private static final Duration MIN_IDLE = Duration.ofSeconds(60);

  /** Work that is only to be gone through. */
  static Work discarding(String stream, boolean ordered) {
    return of(stream, ordered, new Discard());
  }

  static Work of(String stream, boolean ordered, Handler handler) {
    return new Work(stream, ordered, handler, MIN_IDLE, false);
  }

  Work withMinIdle(Duration idle) {
    return new Work(stream, ordered, handler, idle, traced);
  }

  Work withTracing() {
    return new Work(stream, ordered, handler, minIdle, true);
  }

  /** How often entries to be taken over are looked for: as often as by the spec's defaults. */
  Duration claimEvery() {
    return minIdle.dividedBy(2);
  }
}
