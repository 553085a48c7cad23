package io.streamfleet.worker.entry;

import io.streamfleet.redis.EntryId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An entry as Redis gave it. Fields that the consumer does not read stay in Redis: what becomes a
 * dead letter is copied there from the stream itself.
 *
 * @param id its id
 * @param deliveries how often it was delivered, this time included
 * @param content what is here of it
 * @param data the payload, if there is the field
 * @param traceId the field {@code trace_id}, if there is one
 * @param schemaVersion the field {@code schema_version}, if there is one
 * @param toWait how long its next attempt is to wait, where an earlier one failed elsewhere
 * @param suspicion why it may be one that kills who handles it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and not copied: this is the hot path
public record RawEntry(
    EntryId id,
    int deliveries,
    Content content,
    byte @Nullable [] data,
    byte @Nullable [] traceId,
    byte @Nullable [] schemaVersion,
    @Nullable Wait toWait,
    Suspicion suspicion) {

  /** An entry that waits for nothing, and is not suspected of anything. */
  public RawEntry(
      EntryId id,
      int deliveries,
      Content content,
      byte @Nullable [] data,
      byte @Nullable [] traceId,
      byte @Nullable [] schemaVersion) {
    this(id, deliveries, content, data, traceId, schemaVersion, null, Suspicion.NONE);
  }

  /** What is here of an entry. */
  public enum Content {
    /** All that the consumer reads. */
    WHOLE,
    /** Its id: there was no room for its payload. It is pending, and fetched when there is. */
    LEFT_OUT,
    /** Its id: its payload is larger than there will ever be room for. */
    TOO_LARGE,
    /** Its id: the stream holds it no more, only the pending entries list remembers. */
    GONE
  }

  /** The trace id as text, if there is one and it is not empty. */
  public @Nullable String trace() {
    return traceId == null || traceId.length == 0
        ? null
        : new String(traceId, StandardCharsets.UTF_8);
  }
}
