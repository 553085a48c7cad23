package io.streamfleet.worker.read;

import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WireNames;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.read.Batch.Rejected;
import io.streamfleet.worker.settle.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Decodes replies, and separates entries that can be handled from those that never can. Runs on the
 * Redis client's thread, which takes work off the loop.
 */
public final class BatchDecoder {

  private final StreamConsumer stream;
  private final HeaderScan scan;

  /** Set by the loop; read once for each reply on the client's thread. */
  private volatile int maxDeliveries;

  private final long largest;
  private final LongSupplier nanoTime;

  /**
   * @param maxDeliveries an entry that was delivered more often is rejected, since it may have
   *     killed its workers; so is one that was started alone so many times without ending
   * @param largest the largest allowed payload in bytes
   */
  public BatchDecoder(
      StreamConsumer stream,
      HeaderScan scan,
      int maxDeliveries,
      long largest,
      LongSupplier nanoTime) {
    this.stream = stream;
    this.scan = scan;
    this.maxDeliveries = maxDeliveries;
    this.largest = largest;
    this.nanoTime = nanoTime;
  }

  /** Sets the limit of deliveries for replies that arrive from now on. */
  public void maxDeliveries(int limit) {
    maxDeliveries = limit;
  }

  /**
   * Decodes the entries of one reply.
   *
   * @param ownedAt when the request was sent that made these entries pending for this consumer
   */
  public Batch decode(List<RawEntry> raw, long ownedAt) {
    return decode(raw, ownedAt, maxDeliveries);
  }

  /** Decodes entries that were decoded before, without the limits of deliveries. */
  public Batch decodeKnown(List<RawEntry> raw, long ownedAt) {
    return decode(raw, ownedAt, Integer.MAX_VALUE);
  }

  private Batch decode(List<RawEntry> raw, long ownedAt, int limit) {
    long now = nanoTime.getAsLong();
    List<Entry> entries = new ArrayList<>(raw.size());
    List<Rejected> rejected = new ArrayList<>(0);
    List<EntryId> leftOut = new ArrayList<>(0);
    for (RawEntry entry : raw) {
      switch (entry.content()) {
        case WHOLE -> {
          if (entry.suspicion().alone() >= limit) {
            rejected.add(killed(entry));
          } else if (entry.deliveries() > limit) {
            rejected.add(deliveredTooOften(entry, limit));
          } else {
            decode(entry, ownedAt, now, entries, rejected);
          }
        }
        case LEFT_OUT -> leftOut.add(entry.id());
        case TOO_LARGE ->
            rejected.add(
                rejected(
                    entry,
                    DeadLetterReason.TOO_LARGE,
                    "the payload is larger than %d bytes, the limit that follows from read.maxBytes"
                        .formatted(largest)));
        case GONE ->
            rejected.add(
                rejected(
                    entry,
                    DeadLetterReason.PAYLOAD_LOST,
                    "the stream was trimmed while the entry was pending"));
      }
    }
    return new Batch(entries, rejected, leftOut);
  }

  private void decode(
      RawEntry entry, long ownedAt, long now, List<Entry> entries, List<Rejected> rejected) {
    try {
      EntryFields.requireSupported(entry.schemaVersion());
      byte[] data = entry.data();
      if (data == null) {
        throw Undecodable.noPayload();
      }
      WireNames.require("trace_id", entry.traceId());
      entries.add(new Entry(stream, entry, data, scan.scan(data), ownedAt, now));
    } catch (Undecodable e) {
      rejected.add(rejected(entry, e.reason().label(), String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // A bug must cost one entry, not the whole batch with each repetition.
      rejected.add(
          rejected(entry, DeadLetterReason.UNDECODABLE, "the decoder failed: " + e.getClass()));
    }
  }

  private static Rejected killed(RawEntry entry) {
    return rejected(
        entry,
        DeadLetterReason.KILLED_WORKER,
        "the worker died each of the %d times that it handled only this entry"
            .formatted(entry.suspicion().alone()));
  }

  private static Rejected deliveredTooOften(RawEntry entry, int limit) {
    return rejected(
        entry,
        DeadLetterReason.MAX_DELIVERIES,
        "delivered " + entry.deliveries() + " times without being settled, the limit is " + limit);
  }

  private static Rejected rejected(RawEntry entry, String reason, String error) {
    return new Rejected(
        entry.id(), entry.deliveries(), WireNames.shortEnough(entry.trace()), reason, error);
  }
}
