package io.streamfleet.worker.begun;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerGroup;
import java.nio.charset.StandardCharsets;

/**
 * An entry whose handler was running when the process died.
 *
 * @param group the number of its stream and group, see {@link #numberOf}
 * @param id the entry's id
 * @param deaths how many earlier deaths it was part of
 */
public record BegunEntry(long group, EntryId id, int deaths) {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * The number of a stream and group in the file: an FNV-1a hash of 64 bits, the same in every
   * process. Two groups with the same number would share their suspects, which does no harm.
   */
  public static long numberOf(ConsumerGroup group) {
    long hash = FNV_OFFSET;
    // The length of the stream's name makes the text unique for each pair of names.
    String text = group.stream().length() + ":" + group.stream() + group.group();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
