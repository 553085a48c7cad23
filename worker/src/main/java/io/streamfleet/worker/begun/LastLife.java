package io.streamfleet.worker.begun;

import java.util.List;

/**
 * What is known of the process that had this consumer's name before.
 *
 * @param died whether it surely died in the middle of its work, so that what it had begun with is
 *     known: all of that, and nothing else
 * @param begun what it had begun with and not ended
 */
public record LastLife(boolean died, List<BegunEntry> begun) {

  /** Nothing is known of it, or it ended in good order. */
  public static final LastLife UNKNOWN = new LastLife(false, List.of());

  public LastLife {
    begun = List.copyOf(begun);
  }
}
