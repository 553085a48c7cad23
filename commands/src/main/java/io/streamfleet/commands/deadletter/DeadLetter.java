package io.streamfleet.commands.deadletter;

import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An entry of the dead-letter stream: a message that workers gave up on. Dead letters of the
 * original Python consumer have no group, consumer, reason and time of failure.
 *
 * @param id the id in the dead-letter stream
 * @param fields the fields, in the order in which they were written
 */
public record DeadLetter(EntryId id, Map<String, byte[]> fields) {

  /**
   * The prefix of all fields that are copied from the original entry, except for {@link #DATA},
   * {@link #TS} and {@link #TRACE_ID}, which keep their names.
   */
  public static final String ORIGINAL_FIELD = "field.";

  public static final String ORIGINAL_STREAM = "original_stream";
  public static final String ORIGINAL_ID = "original_msg_id";
  public static final String ERROR = "error";
  public static final String ATTEMPT = "attempt";
  public static final String REASON = "reason";
  public static final String DATA = "data";
  public static final String TS = "ts";
  public static final String TRACE_ID = "trace_id";

  /** The parts in which errors with the same cause differ: numbers, and ids such as UUIDs. */
  private static final Pattern VARYING =
      Pattern.compile("\\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\\b|[0-9]+(?:[.:-][0-9]+)*");

  /** Stands for the error of a letter that has none. */
  private static final String NO_ERROR = "-";

  /** Parses a row of an XRANGE reply. */
  static DeadLetter of(Object row) {
    StreamEntry entry = StreamEntry.of(row);
    return new DeadLetter(entry.id(), entry.fields());
  }

  /** The text of a field; empty if the field is missing or empty. */
  public Optional<String> text(String field) {
    return new StreamEntry(id, fields).text(field);
  }

  /** Its error with N in the place of what varies: the same for all letters of one cause. */
  public String cause() {
    return VARYING.matcher(text(ERROR).orElse(NO_ERROR)).replaceAll("N");
  }

  /** The original entry's payload; zero bytes long if it is lost. */
  public byte[] payload() {
    return new StreamEntry(id, fields).bytes(DATA);
  }

  /** The fields of the original entry, in the order in which a replay appends them. */
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
