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
 * What is looked for. Of several values of one kind any may match, of several kinds all must.
 *
 * @param fields names of an entry's fields, or of its payload's, with their values
 * @param texts bytes of which a payload has some
 */
record Wanted(
    Set<String> channels, Set<String> traces, Map<String, String> fields, Set<String> texts) {

  /** Whether an entry is one of them. The cheap questions come first. */
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

  /** A payload is msgpack or JSON: in both an unescaped text stands as its bytes. */
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
