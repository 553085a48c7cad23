package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;

/** An entry known by id only, behind another's lock. */
public record ParkedEntry(StreamConsumer stream, EntryId id) {}
