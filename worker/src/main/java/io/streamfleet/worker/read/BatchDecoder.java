package io.streamfleet.worker.read;

import io.streamfleet.worker.decode.Envelope;
import io.streamfleet.worker.decode.Header;
import io.streamfleet.worker.decode.HeaderScan;
import io.streamfleet.worker.decode.Undecodable;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.read.Batch.Rejected;
import io.streamfleet.worker.settle.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Step 2: tells what can be handled from what never can. Runs where the reply arrives, on the
 * client's thread, so that the loop is left with what needs an owner.
 */
public final class BatchDecoder {

  private final StreamName stream;
  private final HeaderScan scan;
  private final int maxDeliveries;
  private final LongSupplier nanoTime;

  /**
   * @param maxDeliveries an entry delivered more often is not handled again: it seems to kill its
   *     workers
   */
  public BatchDecoder(
      StreamName stream, HeaderScan scan, int maxDeliveries, LongSupplier nanoTime) {
    this.stream = stream;
    this.scan = scan;
    this.maxDeliveries = maxDeliveries;
    this.nanoTime = nanoTime;
  }

  /**
   * Decodes what one reply brought.
   *
   * @param ownedAt when the request was sent that made these entries ours
   */
  public Batch decode(List<RawEntry> raw, long ownedAt) {
    long now = nanoTime.getAsLong();
    List<Entry> entries = new ArrayList<>(raw.size());
    List<Rejected> rejected = new ArrayList<>(0);
    for (RawEntry entry : raw) {
      if (!entry.present()) {
        rejected.add(
            new Rejected(
                entry, Reason.PAYLOAD_LOST, "the stream was trimmed while the entry was pending"));
      } else if (entry.deliveries() > maxDeliveries) {
        rejected.add(
            new Rejected(
                entry,
                Reason.MAX_DELIVERIES,
                "delivered "
                    + entry.deliveries()
                    + " times without being settled, the limit is "
                    + maxDeliveries));
      } else {
        try {
          Envelope.requireSupported(entry.schemaVersion());
          byte[] data = entry.data();
          if (data == null) {
            throw Undecodable.noPayload();
          }
          Header header = scan.scan(data);
          entries.add(new Entry(stream, entry, data, header, ownedAt, now));
        } catch (Undecodable e) {
          rejected.add(new Rejected(entry, e.reason().label(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
          // A mistake of ours must cost one entry, not the batch, again and again.
          rejected.add(
              new Rejected(entry, Reason.UNDECODABLE, "the decoder failed: " + e.getClass()));
        }
      }
    }
    return new Batch(entries, rejected);
  }
}
