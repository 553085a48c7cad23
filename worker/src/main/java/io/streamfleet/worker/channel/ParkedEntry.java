package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;

/** A parked entry of a lane. */
public record ParkedEntry(StreamConsumer stream, EntryId id) {}
