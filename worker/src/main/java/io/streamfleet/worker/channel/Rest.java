package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.pending.Parking;

/** Where an entry waits, known by its id, for the time of its next attempt. */
public interface Rest extends Parking {

  /** The time has come: the entry is fetched, and offered anew. */
  void due(StreamConsumer stream, EntryId id);
}
