package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.pending.Parking;

/** A place where entries are parked until their next attempt is due. */
public interface Rest extends Parking {

  /** The next attempt of an entry is due: it is fetched and offered again. */
  void due(StreamConsumer stream, EntryId id);
}
