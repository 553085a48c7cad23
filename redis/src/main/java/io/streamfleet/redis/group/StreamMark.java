package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;

/**
 * What a stream is known again by. In one and the same stream none of these ever becomes less, so a
 * stream in which one did is another that was made under the same key since.
 *
 * @param lastGenerated the last id that it has given out, {@code 0-0} if none
 * @param added how many entries were ever added
 * @param maxDeleted the greatest id that was deleted
 * @param first the first id that it holds, {@code 0-0} when it is empty
 */
public record StreamMark(EntryId lastGenerated, long added, EntryId maxDeleted, EntryId first) {

  /** Of a stream of which nothing is known: any stream may be it. */
  public static final StreamMark UNKNOWN =
      new StreamMark(EntryId.ZERO, 0, EntryId.ZERO, EntryId.ZERO);

  /** Whether a stream that is seen later may be this one. */
  boolean mayBe(StreamMark later) {
    boolean empty = later.first.equals(EntryId.ZERO);
    return later.lastGenerated.compareTo(lastGenerated) >= 0
        && later.added >= added
        && later.maxDeleted.compareTo(maxDeleted) >= 0
        && (empty || later.first.compareTo(first) >= 0);
  }
}
