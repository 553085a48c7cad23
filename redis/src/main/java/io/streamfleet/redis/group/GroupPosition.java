package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;

/**
 * How far a group had come, and in which stream: what is needed to go on there when the group is
 * lost.
 *
 * @param delivered the last entry that it was delivered
 */
public record GroupPosition(StreamMark stream, EntryId delivered) {

  /** An entry was delivered to the group in a stream of which nothing else is known. */
  public static GroupPosition at(EntryId delivered) {
    return new GroupPosition(StreamMark.UNKNOWN, delivered);
  }

  /** The same stream, and one more delivery. */
  public GroupPosition movedTo(EntryId last) {
    return new GroupPosition(stream, last);
  }

  /**
   * Whether a stream that is seen later is the one in which the group was: one that is new, or ends
   * below what the group has seen, is not.
   */
  boolean isIn(StreamMark later) {
    return stream.mayBe(later) && later.lastGenerated().compareTo(delivered) >= 0;
  }
}
