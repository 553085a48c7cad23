package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;

/**
 * Identifies a stream. In one stream none of these values ever decreases; if one did, the stream
 * was deleted and created again under the same key.
 *
 * @param lastGenerated the last id that was assigned, {@code 0-0} if none
 * @param added how many entries were ever added
 * @param maxDeleted the greatest deleted id
 * @param first the first id in the stream, {@code 0-0} if it is empty
 */
public record StreamMark(EntryId lastGenerated, long added, EntryId maxDeleted, EntryId first) {

  /** A stream about which nothing is known: any stream may be it. */
  public static final StreamMark UNKNOWN =
      new StreamMark(EntryId.ZERO, 0, EntryId.ZERO, EntryId.ZERO);

  /** Whether a stream that is observed later may be this one. */
  boolean mayBe(StreamMark later) {
    boolean empty = later.first.equals(EntryId.ZERO);
    return later.lastGenerated.compareTo(lastGenerated) >= 0
        && later.added >= added
        && later.maxDeleted.compareTo(maxDeleted) >= 0
        && (empty || later.first.compareTo(first) >= 0);
  }
}
