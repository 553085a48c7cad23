package io.streamfleet.redis.group;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * What the holder of a channel's lock reads, as the lock tells it. A consumer's name may be in use
 * several times for different streams whose entries are of the same channels; two living consumers
 * of one name never read the same.
 *
 * @param digits eight hexadecimal digits: where the last part of the lock's UUID begins
 */
public record LockScope(String digits) {

  /** Names what is read by its first stream. */
  public static LockScope of(ConsumerGroup first) {
    CRC32 sum = new CRC32();
    // With its length: no two pairs of names make one text.
    String text = first.stream().length() + ":" + first.stream() + first.group();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return new LockScope("%08x".formatted((int) sum.getValue()));
  }
}
