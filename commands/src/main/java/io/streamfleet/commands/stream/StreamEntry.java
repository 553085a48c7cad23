package io.streamfleet.commands.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a stream.
 *
 * @param fields the fields, in the order in which they were written
 */
public record StreamEntry(EntryId id, Map<String, byte[]> fields) {

  /** Parses a row of an XRANGE reply. */
  public static StreamEntry of(Object row) {
    List<?> pair = (List<?>) row;
    List<?> flat = (List<?>) pair.get(1);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      // A value that is too large for this process is not delivered; leave the field out.
      if (flat.get(i + 1) instanceof byte[] value) {
        fields.put(Link.text(flat.get(i)), value);
      }
    }
    return new StreamEntry(EntryId.parse(Link.text(pair.get(0))), fields);
  }

  /** The text of a field; empty if the field is missing or empty. */
  public Optional<String> text(String field) {
    return Optional.ofNullable(fields.get(field))
        .filter(value -> value.length > 0)
        .map(value -> new String(value, UTF_8));
  }

  /** The bytes of a field; an empty array if the field is missing. */
  public byte[] bytes(String field) {
    byte @Nullable [] value = fields.get(field);
    return value == null ? new byte[0] : value;
  }

  /** The size of all values in bytes. */
  public long size() {
    return fields.values().stream().mapToLong(value -> value.length).sum();
  }
}
