package io.streamfleet.worker.read;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import java.util.List;

/**
 * What arrived together, decoded.
 *
 * @param entries what can be handled, in stream order
 * @param rejected what can never be
 */
public record Batch(List<Entry> entries, List<Rejected> rejected) {

  /**
   * An entry that goes to the dead letters without having met the handler.
   *
   * @param reason the metric's label
   * @param error one line for the dead letter
   */
  public record Rejected(RawEntry entry, String reason, String error) {}

  public int size() {
    return entries.size() + rejected.size();
  }
}
