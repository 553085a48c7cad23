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
 * Step 2: tells what can be handled from what never can. Runs where the reply arrives, on the
 * client's thread, so that the loop is left with what needs an owner.
 */
public final class BatchDecoder {

  private final StreamConsumer stream;
  private final HeaderScan scan;

  /** Set by the loop; read once for each reply, on the client's thread. */
  private volatile int maxDeliveries;

  private final long largest;
  private final LongSupplier nanoTime;

  /**
   * @param maxDeliveries an entry delivered more often is not handled again: it seems to kill its
   *     workers. So does one of which as many died that handled nothing else
   * @param largest bytes that a payload may have
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

  /** Sets another limit of deliveries, for the replies that come from now on. */
  public void maxDeliveries(int limit) {
    maxDeliveries = limit;
  }

  /**
   * Decodes what one reply brought.
   *
   * @param ownedAt when the request was sent that made these entries ours
   */
  public Batch decode(List<RawEntry> raw, long ownedAt) {
    return decode(raw, ownedAt, maxDeliveries);
  }

  /** The same of entries that were let in before: how often they were delivered was looked at. */
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
                    "the payload has more than the %d bytes that read.maxBytes lets one have"
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
      // A mistake of ours must cost one entry, not the batch, again and again.
      rejected.add(
          rejected(entry, DeadLetterReason.UNDECODABLE, "the decoder failed: " + e.getClass()));
    }
  }

  private static Rejected killed(RawEntry entry) {
    return rejected(
        entry,
        DeadLetterReason.KILLED_WORKER,
        "its worker died each of the %d times that it handled nothing but this"
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
