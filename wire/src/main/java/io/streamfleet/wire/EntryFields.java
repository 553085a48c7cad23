package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.handler.TraceContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a stream entry. */
public final class EntryFields {

  /** The payload's bytes. */
  public static final String DATA = "data";

  /** The publishing time: seconds since 1970 with a fraction, as text. */
  public static final String TS = "ts";

  public static final String TRACE_ID = "trace_id";

  /** The context of a distributed trace, by W3C Trace Context. */
  public static final String TRACEPARENT = "traceparent";

  /** What belongs to {@link #TRACEPARENT}. */
  public static final String TRACESTATE = "tracestate";

  /** The version of the entry's format; absent means {@link #SUPPORTED_VERSION}. */
  public static final String SCHEMA_VERSION = "schema_version";

  /** The only version. */
  public static final String SUPPORTED_VERSION = "1";

  private EntryFields() {}

  /**
   * Refuses an entry of another schema version than 1.
   *
   * @param schemaVersion the entry's field {@link #SCHEMA_VERSION}, null if it has none
   * @throws Undecodable with the reason {@link Undecodable.Reason#SCHEMA}
   */
  public static void requireSupported(byte @Nullable [] schemaVersion) throws Undecodable {
    if (schemaVersion != null && !(schemaVersion.length == 1 && schemaVersion[0] == '1')) {
      throw Undecodable.schema(
          "schema_version is not "
              + SUPPORTED_VERSION
              + ", the only one that this worker knows: it needs a newer worker");
    }
  }

  /**
   * The context of a trace.
   *
   * @param traceparent the entry's field of that name, null if it has none
   * @param tracestate likewise
   * @return null if it is missing or invalid, which W3C says is the same
   */
  public static @Nullable TraceContext traceContext(
      byte @Nullable [] traceparent, byte @Nullable [] tracestate) {
    return traceparent == null
        ? null
        : TraceContext.of(
                new String(traceparent, ISO_8859_1),
                tracestate == null ? "" : new String(tracestate, ISO_8859_1))
            .orElse(null);
  }

  /**
   * The fields of a new entry, in the order of the Python original.
   *
   * @param payload msgpack, see {@link PayloadWriter}
   * @param now becomes {@link #TS} in the format of Python's {@code str(time.time())}
   */
  public static Map<String, byte[]> fields(byte[] payload, Instant now, String traceId) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put(DATA, payload);
    fields.put(TS, timestamp(now).getBytes(UTF_8));
    fields.put(TRACE_ID, traceId.getBytes(UTF_8));
    return fields;
  }

  /** Seconds since 1970 as Python's {@code str(time.time())} prints them. */
  public static String timestamp(Instant instant) {
    return PythonText.of(instant.getEpochSecond() + instant.getNano() / 1e9);
  }
}
