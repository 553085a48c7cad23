package io.streamfleet.torture.evidence;

import io.streamfleet.redis.EntryId;
import java.util.Comparator;

/** An entry by its stream and its id in it: the name that it keeps for ever. */
public record EntryKey(String stream, EntryId id) implements Comparable<EntryKey> {

  private static final Comparator<EntryKey> ORDER =
      Comparator.comparing(EntryKey::stream).thenComparing(EntryKey::id);

  @Override
  public int compareTo(EntryKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return stream + " " + id;
  }
}
