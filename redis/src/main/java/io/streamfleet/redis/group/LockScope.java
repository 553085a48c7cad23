package io.streamfleet.redis.group;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * What the holder of a channel's lock reads, encoded in the lock. A consumer's name may be used
 * several times, for different streams with entries of the same channels; two running consumers of
 * one name never read the same.
 *
 * @param digits eight hexadecimal digits, with which the last part of the lock's UUID begins
 */
public record LockScope(String digits) {

  /** The scope of a consumer, by the first group that it reads. */
  public static LockScope of(ConsumerGroup first) {
    CRC32 sum = new CRC32();
    // With its length, so that no two pairs of names give the same text.
    String text = first.stream().length() + ":" + first.stream() + first.group();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return new LockScope("%08x".formatted((int) sum.getValue()));
  }
}
