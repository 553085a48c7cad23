package io.streamfleet.worker.entry;

import io.streamfleet.handler.TraceContext;
import io.streamfleet.redis.EntryId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An entry as read from Redis. Fields that the consumer does not use stay in Redis: a dead letter
 * is copied from the stream by a script.
 *
 * @param id the entry's id
 * @param deliveries the delivery count, including this delivery
 * @param content how much of the entry was read
 * @param data the field {@code data}, the payload; null if it is missing
 * @param traceId the field {@code trace_id}; null if it is missing
 * @param schemaVersion the field {@code schema_version}; null if it is missing
 * @param context the fields {@code traceparent} and {@code tracestate}; null if they are missing or
 *     invalid
 * @param toWait the wait before its next attempt, if an earlier one failed; else null
 * @param suspicion why it is suspected of killing the process that handles it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; not copied, for speed
public record RawEntry(
    EntryId id,
    int deliveries,
    Content content,
    byte @Nullable [] data,
    byte @Nullable [] traceId,
    byte @Nullable [] schemaVersion,
    @Nullable TraceContext context,
    @Nullable Wait toWait,
    Suspicion suspicion) {

  /** An entry without a wait, and not suspected. */
  public RawEntry(
      EntryId id,
      int deliveries,
      Content content,
      byte @Nullable [] data,
      byte @Nullable [] traceId,
      byte @Nullable [] schemaVersion) {
    this(id, deliveries, content, data, traceId, schemaVersion, null, null, Suspicion.NONE);
  }

  /** How much of an entry was read. */
  public enum Content {
    /** All fields that the consumer uses. */
    WHOLE,
    /** Only its id: there was no room for the payload. It stays pending and is fetched later. */
    LEFT_OUT,
    /** Only its id: the payload is larger than the room for all payloads. */
    TOO_LARGE,
    /** Only its id: it was deleted from the stream, and is only in the pending entries list. */
    GONE
  }

  /** The trace id as text; null if it is missing or empty. */
  public @Nullable String trace() {
    return traceId == null || traceId.length == 0
        ? null
        : new String(traceId, StandardCharsets.UTF_8);
  }
}
