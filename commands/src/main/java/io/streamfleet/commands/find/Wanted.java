package io.streamfleet.commands.find;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.commands.stream.Payloads;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.wire.EntryFields;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The criteria of a search. An entry must match all criteria. It matches channels, traces or texts
 * if it has one of them, and fields if it has all of them; an empty criterion matches all entries.
 *
 * @param fields fields of an entry or of its payload, by name, with their values
 * @param texts texts that a payload may contain
 */
public record Wanted(
    Set<String> channels, Set<String> traces, Map<String, String> fields, Set<String> texts) {

  /** Whether an entry matches. The cheap criteria are checked first. */
  boolean matches(ReadStream stream, StreamEntry entry) {
    byte[] data = entry.bytes(EntryFields.DATA);
    return (texts.isEmpty() || texts.stream().anyMatch(text -> contains(data, text)))
        && (traces.isEmpty() || stream.trace(entry).filter(traces::contains).isPresent())
        && (channels.isEmpty() || stream.channel(entry).filter(channels::contains).isPresent())
        && fields.entrySet().stream()
            .allMatch(field -> has(entry, data, field.getKey(), field.getValue()));
  }

  private static boolean has(StreamEntry entry, byte[] data, String name, String value) {
    boolean ofPayload = name.equals(EntryFields.DATA) || entry.text(name).isEmpty();
    return ofPayload
        ? Payloads.field(data, name).filter(value::equals).isPresent()
        : entry.text(name).filter(value::equals).isPresent();
  }

  /** A payload is msgpack or JSON: both contain a text without escapes as its UTF-8 bytes. */
  private static boolean contains(byte[] data, String text) {
    byte[] wanted = text.getBytes(UTF_8);
    for (int i = 0; i + wanted.length <= data.length; i++) {
      if (Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
