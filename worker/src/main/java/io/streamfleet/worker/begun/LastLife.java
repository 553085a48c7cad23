package io.streamfleet.worker.begun;

import java.util.List;

/**
 * What is known of the previous process of this consumer name.
 *
 * @param died whether it certainly died without draining; then {@code begun} is complete
 * @param begun the entries whose handlers had started and not ended
 */
public record LastLife(boolean died, List<BegunEntry> begun) {

  /** Nothing is known, or the process drained before it ended. */
  public static final LastLife UNKNOWN = new LastLife(false, List.of());

  public LastLife {
    begun = List.copyOf(begun);
  }
}
