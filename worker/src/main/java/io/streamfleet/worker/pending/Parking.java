package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.Set;

/** Where entries wait that are known by id only. Belongs to the pipeline's loop. */
public interface Parking {

  /** Entries are not ours any more, or wait somewhere else now. */
  void forget(StreamConsumer stream, Set<EntryId> ids);
}
