package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.List;

/**
 * An entry with all its fields, as Redis gave it.
 *
 * @param texts fields and values by turns, each of bytes
 */
record WholeEntry(EntryId id, List<?> texts) {

  /** The payload; empty where there is none. */
  byte[] data() {
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      if (Link.text(texts.get(i)).equals("data")) {
        return (byte[]) texts.get(i + 1);
      }
    }
    return new byte[0];
  }
}
