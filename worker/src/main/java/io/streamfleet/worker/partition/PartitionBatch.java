package io.streamfleet.worker.partition;

import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.RawEntry.Content;
import io.streamfleet.worker.read.Batch;
import io.streamfleet.worker.read.BatchDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a read brought, decoded.
 *
 * @param bytes of all payloads, also of those that there was no room for
 */
record PartitionBatch(PartitionRead read, Batch batch, long bytes) {

  /**
   * Decodes on the client's thread. What there is no room for is ours, and fetched when there is.
   *
   * @param room bytes that were set apart
   * @param sent when the read was sent
   */
  static PartitionBatch of(PartitionRead read, BatchDecoder decoder, long room, long sent) {
    if (!(read instanceof PartitionRead.Entries(List<RawEntry> entries))) {
      return new PartitionBatch(read, Batch.EMPTY, 0);
    }
    List<RawEntry> fitting = new ArrayList<>(entries.size());
    long bytes = 0;
    long left = room;
    for (RawEntry entry : entries) {
      int size = entry.data() == null ? 0 : entry.data().length;
      bytes += size;
      boolean fits = size <= left;
      left -= fits ? size : 0;
      fitting.add(fits ? entry : new RawEntry(entry.id(), 1, Content.LEFT_OUT, null, null, null));
    }
    return new PartitionBatch(read, decoder.decode(fitting, sent), bytes);
  }
}
