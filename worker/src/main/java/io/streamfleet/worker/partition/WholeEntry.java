package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.List;

/**
 * An entry with all its fields.
 *
 * @param texts fields and values alternately, each a byte array
 */
record WholeEntry(EntryId id, List<?> texts) {

  /** The payload; empty if there is none. */
  byte[] data() {
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      if (Link.text(texts.get(i)).equals("data")) {
        return (byte[]) texts.get(i + 1);
      }
    }
    return new byte[0];
  }
}
