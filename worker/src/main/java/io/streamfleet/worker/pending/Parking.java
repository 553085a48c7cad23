package io.streamfleet.worker.pending;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.Set;

/** A place where parked entries wait, known only by id. Belongs to the pipeline's loop. */
public interface Parking {

  /** Removes entries: they are not pending for this consumer any more, or wait elsewhere. */
  void forget(StreamConsumer stream, Set<EntryId> ids);

  /** An entry is not parked here any more, for whatever reason. */
  default void left(EntryId id) {}

  /** The delivery count of the entries that wait here, as far as known. */
  default int deliveries() {
    return 1;
  }
}
