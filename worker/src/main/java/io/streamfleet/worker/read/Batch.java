package io.streamfleet.worker.read;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrived together, decoded.
 *
 * @param entries what can be handled, in stream order
 * @param rejected what can never be
 * @param leftOut what there was no room for: it is ours, and known by id
 */
public record Batch(List<Entry> entries, List<Rejected> rejected, List<EntryId> leftOut) {

  /** Nothing. */
  public static final Batch EMPTY = new Batch(List.of(), List.of(), List.of());

  /**
   * An entry that goes to the dead letters without having met the handler. Its payload is let go.
   *
   * @param reason the metric's label
   * @param error one line for the dead letter
   */
  public record Rejected(
      EntryId id, int deliveries, @Nullable String trace, String reason, String error) {}

  /** How many entries take up credit. */
  public int size() {
    return entries.size() + rejected.size();
  }

  /** How many bytes the payloads have that are here. */
  public long bytes() {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.bytes();
    }
    return bytes;
  }

  /** The newest entry that the server delivered with it, if any. */
  public @Nullable EntryId last() {
    EntryId last = entries.isEmpty() ? null : entries.getLast().entryId();
    for (EntryId id : leftOut) {
      last = last == null || id.compareTo(last) > 0 ? id : last;
    }
    return last;
  }
}
