package io.streamfleet.commands.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry that nobody will handle by itself any more. Those of the original Python consumer have
 * no group, consumer, reason and time of failure.
 *
 * @param id its id in the dead-letter stream
 * @param fields in the order in which they were written
 */
public record DeadLetter(EntryId id, Map<String, byte[]> fields) {

  /** Fields of the original entry beyond the three that a dead letter names carry this prefix. */
  public static final String ORIGINAL_FIELD = "field.";

  public static final String ORIGINAL_STREAM = "original_stream";
  public static final String ORIGINAL_ID = "original_msg_id";
  public static final String ERROR = "error";
  public static final String ATTEMPT = "attempt";
  public static final String REASON = "reason";
  public static final String DATA = "data";
  public static final String TS = "ts";
  public static final String TRACE_ID = "trace_id";

  /** Reads a row of an XRANGE reply. */
  static DeadLetter of(Object row) {
    List<?> pair = (List<?>) row;
    List<?> flat = (List<?>) pair.get(1);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(Link.text(flat.get(i)), (byte[]) flat.get(i + 1));
    }
    return new DeadLetter(EntryId.parse(Link.text(pair.get(0))), fields);
  }

  /** The text of a field; empty when the letter has none, or an empty one. */
  public Optional<String> text(String field) {
    return Optional.ofNullable(fields.get(field))
        .filter(value -> value.length > 0)
        .map(value -> new String(value, UTF_8));
  }

  /** The original entry's payload; of no bytes when it is lost. */
  public byte[] payload() {
    byte @Nullable [] data = fields.get(DATA);
    return data == null ? new byte[0] : data;
  }

  /** The fields of the original entry, as a replay appends them. */
  Map<String, byte[]> original() {
    Map<String, byte[]> original = new LinkedHashMap<>();
    original.put(DATA, payload());
    for (String name : List.of(TS, TRACE_ID)) {
      original.put(name, fields.getOrDefault(name, new byte[0]));
    }
    fields.forEach(
        (name, value) -> {
          if (name.startsWith(ORIGINAL_FIELD)) {
            original.put(name.substring(ORIGINAL_FIELD.length()), value);
          }
        });
    return original;
  }
}
