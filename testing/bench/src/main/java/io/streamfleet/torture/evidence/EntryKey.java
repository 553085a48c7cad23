package io.streamfleet.torture.evidence;

import io.streamfleet.redis.EntryId;
import java.util.Comparator;

/** The permanent identity of an entry: its stream and its id in that stream. */
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
