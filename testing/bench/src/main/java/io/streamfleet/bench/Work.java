package io.streamfleet.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The work of a contender.
 *
 * @param ordered whether the entries of a channel are handled one at a time, across all workers
 * @param minIdle the idle time after which an entry may be claimed from a dead consumer; the claim
 *     interval is half of it
 * @param traced whether the state of each entry is recorded in Redis
 */
record Work(String stream, boolean ordered, Handler handler, Duration minIdle, boolean traced) {

  /** What is done with an entry once its payload is decoded to a map. */
  sealed interface Handler {}

  /** Nothing. */
  record Discard() implements Handler {}

  /**
   * Records the delay since {@link Stopwatch#INTENDED} and writes the histogram at the end.
   *
   * @param file of the histogram, as {@link Stopwatch#read} reads it
   */
  record Timed(Path file) implements Handler {}

  /** Waits this long, as for a reply from another service. */
  record Wait(Duration duration) implements Handler {}

  /**
   * Posts it to a server.
   *
   * @param most how many entries at once
   * @param batch how many at most share a request; 1 for none
   */
  record Post(URI url, int most, int batch) implements Handler {}

  /** The default of {@code spec.autoclaim.minIdle}; longer than any lap. */
  private static final Duration MIN_IDLE = Duration.ofSeconds(60);

  /** Work with a handler that does nothing. */
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

  /** The claim interval, in the same proportion as the spec's defaults. */
  Duration claimEvery() {
    return minIdle.dividedBy(2);
  }
}
