package io.streamfleet.worker.partition;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry with all its fields.
 *
 * @param texts fields and values alternately, each a byte array; or null if it was too large to
 *     read
 */
record WholeEntry(EntryId id, List<?> texts) {

  private static final byte[] NOTHING = {};

  /** Fields and values that a script can pass on: Lua has room for 8,000 values. */
  private static final int MOST_TEXTS = 4_000;

  /**
   * The entries of one stream; a reply is a list of one pair, or a map, by the protocol; or nil.
   */
  static List<WholeEntry> ofReply(List<Object> reply) {
    if (reply.isEmpty() || reply.getFirst() == null) {
      return List.of();
    }
    List<?> rows =
        (List<?>) (reply.getFirst() instanceof List<?> pair ? pair.get(1) : reply.get(1));
    List<WholeEntry> entries = new ArrayList<>(rows.size());
    for (Object row : rows) {
      entries.add(ofRow(row));
    }
    return entries;
  }

  static WholeEntry ofRow(Object row) {
    List<?> parts = (List<?>) row;
    return new WholeEntry(EntryId.parse(Link.text(parts.getFirst())), (List<?>) parts.get(1));
  }

  /** Whether all of it was read and can be appended. */
  boolean isWhole() {
    return texts.size() <= MOST_TEXTS && texts.stream().allMatch(Objects::nonNull);
  }

  /** The same with nothing in the place of what was too large, and without what is too much. */
  WholeEntry cut() {
    return isWhole()
        ? this
        : new WholeEntry(
            id,
            texts.stream().limit(MOST_TEXTS).map(text -> text == null ? NOTHING : text).toList());
  }

  /** The size of what was read. */
  long bytes() {
    long bytes = 0;
    for (Object text : texts) {
      bytes += text == null ? 0 : ((byte[]) text).length;
    }
    return bytes;
  }

  /** The payload; empty if there is none. */
  byte[] data() {
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      @Nullable Object name = texts.get(i);
      if (name != null && Link.text(name).equals("data")) {
        byte[] value = (byte[]) texts.get(i + 1);
        return value == null ? NOTHING : value;
      }
    }
    return NOTHING;
  }
}
