package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.Set;

/** Where entries wait that are known by id only. Belongs to the pipeline's loop. */
public interface Parking {

  /** Entries are not ours any more, or wait somewhere else now. */
  void forget(StreamConsumer stream, Set<EntryId> ids);

  /** An entry does not wait here any more, whatever became of it. */
  default void left(EntryId id) {}

  /** How often what waits here was delivered, as far as is known here. */
  default int deliveries() {
    return 1;
  }
}
