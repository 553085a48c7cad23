package io.streamfleet.worker.lane;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamName;

/** An entry known by id only, behind another's lock. */
public record ParkedEntry(StreamName stream, EntryId id) {}
