package io.streamfleet.worker.read;

import io.streamfleet.handler.TraceContext;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.RawEntry.Content;
import io.streamfleet.worker.entry.Suspicion;
import io.streamfleet.worker.entry.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the rows of entries that scripts return. A row is {@code {id, delivery count, fields}},
 * with false instead of the fields if the entry was deleted, or its size if it is too large. Behind
 * them are {@code {milliseconds left, failed attempt}} for an entry that waits, and {@code {deaths,
 * times alone, times gone}} for a suspect.
 */
public final class ScriptEntries {

  private ScriptEntries() {}

  public static List<RawEntry> of(List<?> reply) {
    List<RawEntry> entries = new ArrayList<>(reply.size());
    for (Object row : reply) {
      entries.add(entry((List<?>) row));
    }
    return entries;
  }

  private static RawEntry entry(List<?> row) {
    EntryId id = EntryId.parse(Link.text(row.get(0)));
    int deliveries = Math.toIntExact((Long) row.get(1));
    byte[] data = null;
    byte[] schema = null;
    byte[] trace = null;
    byte[] parent = null;
    byte[] state = null;
    if (!(row.get(2) instanceof List<?> fields)) {
      Content content = row.get(2) instanceof Long ? Content.TOO_LARGE : Content.GONE;
      return new RawEntry(id, deliveries, content, null, null, null);
    }
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      switch (Link.text(fields.get(i))) {
        case "data" -> data = bytes(fields.get(i + 1));
        case "schema_version" -> schema = bytes(fields.get(i + 1));
        case "trace_id" -> trace = bytes(fields.get(i + 1));
        case EntryFields.TRACEPARENT -> parent = bytes(fields.get(i + 1));
        case EntryFields.TRACESTATE -> state = bytes(fields.get(i + 1));
        default -> {}
      }
    }
    TraceContext context = EntryFields.traceContext(parent, state);
    return new RawEntry(
        id, deliveries, Content.WHOLE, data, trace, schema, context, wait(row), suspicion(row));
  }

  private static @Nullable Wait wait(List<?> row) {
    return row.size() > 3 && row.get(3) instanceof List<?> wait
        ? new Wait(
            Duration.ofMillis((Long) wait.getFirst()), Math.toIntExact((Long) wait.getLast()))
        : null;
  }

  private static Suspicion suspicion(List<?> row) {
    return row.size() > 4 && row.get(4) instanceof List<?> numbers
        ? new Suspicion(number(numbers.get(0)), number(numbers.get(1)), number(numbers.get(2)))
        : Suspicion.NONE;
  }

  private static int number(Object value) {
    return Math.toIntExact((Long) value);
  }

  private static byte @Nullable [] bytes(Object value) {
    return value instanceof byte[] bytes ? bytes : null;
  }
}
