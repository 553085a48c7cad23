package io.streamfleet.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The id of an entry in its stream: the milliseconds at which Redis added it, and a sequence
 * number. Ordered as in Redis: both parts are unsigned.
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

  /** Below the id of every entry. */
  public static final EntryId ZERO = new EntryId(0, 0);

  /** Parses {@code 1732372000000-0}. */
  public static EntryId parse(String text) {
    return parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Parses the bytes from position to limit.
   *
   * @throws IllegalArgumentException when they are not an id
   */
  public static EntryId parse(ByteBuffer bytes) {
    long millis = 0;
    long part = 0;
    boolean dash = false;
    int digits = 0;
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      byte c = bytes.get(i);
      if (c == '-' && !dash && digits > 0) {
        millis = part;
        part = 0;
        digits = 0;
        dash = true;
      } else if (c >= '0' && c <= '9') {
        part = part * 10 + (c - '0');
        digits++;
      } else {
        digits = 0;
        break;
      }
    }
    if (digits == 0) {
      throw new IllegalArgumentException("not the id of a stream entry");
    }
    return dash ? new EntryId(millis, part) : new EntryId(part, 0);
  }

  /** The last id before this one; of 0-0 itself, which is no entry's. */
  public EntryId before() {
    if (sequence != 0) {
      return new EntryId(millis, sequence - 1);
    }
    return millis == 0 ? this : new EntryId(millis - 1, -1);
  }

  /** When Redis added the entry, by the clock of Redis. */
  public Instant time() {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public int compareTo(EntryId other) {
    int byTime = Long.compareUnsigned(millis, other.millis);
    return byTime != 0 ? byTime : Long.compareUnsigned(sequence, other.sequence);
  }

  @Override
  public int hashCode() {
    // Ids of one millisecond differ only in the sequence, those of one second only in a few bits.
    long mixed = (millis * 31 + sequence) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
