package io.streamfleet.redis.group;

import io.streamfleet.redis.EntryId;

/**
 * How far a group has read, and in which stream, so that it can continue there when it is lost.
 *
 * @param delivered the last entry that was delivered to it
 */
public record GroupPosition(StreamMark stream, EntryId delivered) {

  /** A position in a stream about which nothing else is known. */
  public static GroupPosition at(EntryId delivered) {
    return new GroupPosition(StreamMark.UNKNOWN, delivered);
  }

  /** The same stream after another delivery. */
  public GroupPosition movedTo(EntryId last) {
    return new GroupPosition(stream, last);
  }

  /**
   * Whether a stream that is observed later is the stream of this position: one that is new, or
   * ends below what the group has read, is not.
   */
  boolean isIn(StreamMark later) {
    return stream.mayBe(later) && later.lastGenerated().compareTo(delivered) >= 0;
  }
}
