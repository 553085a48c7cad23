package io.streamfleet.worker.begun;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerGroup;
import java.nio.charset.StandardCharsets;

/**
 * An entry that a handler had begun with when its process died.
 *
 * @param group the number of its stream and group, see {@link #numberOf}
 * @param id its id
 * @param deaths how many deaths it had been part of before
 */
public record BegunEntry(long group, EntryId id, int deaths) {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * The number that stands for a stream and group in the file (FNV-1a, 64 bits): the same in every
   * process. Two groups with one number would share their suspects, which harms neither.
   */
  public static long numberOf(ConsumerGroup group) {
    long hash = FNV_OFFSET;
    // With its length: no two pairs of names make one text.
    String text = group.stream().length() + ":" + group.stream() + group.group();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
