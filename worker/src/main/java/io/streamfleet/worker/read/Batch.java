package io.streamfleet.worker.read;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoded entries of one reply.
 *
 * @param entries entries that can be handled, in stream order
 * @param rejected entries that can never be handled
 * @param leftOut entries whose payload found no room; they are pending for this consumer
 */
public record Batch(List<Entry> entries, List<Rejected> rejected, List<EntryId> leftOut) {

  /** No entries. */
  public static final Batch EMPTY = new Batch(List.of(), List.of(), List.of());

  /**
   * An entry that becomes a dead letter without a call of the handler. Its payload is not kept.
   *
   * @param reason one of {@link io.streamfleet.worker.settle.DeadLetterReason}
   * @param error one line for the dead letter
   */
  public record Rejected(
      EntryId id, int deliveries, @Nullable String trace, String reason, String error) {}

  /** How many entries use a credit. */
  public int size() {
    return entries.size() + rejected.size();
  }

  /** The size of the payloads in memory, in bytes. */
  public long bytes() {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.bytes();
    }
    return bytes;
  }

  /** The newest of the entries that were not rejected; null if there are none. */
  public @Nullable EntryId last() {
    EntryId last = entries.isEmpty() ? null : entries.getLast().entryId();
    for (EntryId id : leftOut) {
      last = last == null || id.compareTo(last) > 0 ? id : last;
    }
    return last;
  }
}
