package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;

/**
 * An entry that can be the probe of an endpoint.
 *
 * @param waits whether its next attempt is not due yet, as far as known
 * @param suspicion how many deaths of the endpoint it may have caused; less suspected entries are
 *     better probes
 * @param send sends it to the handler as soon as possible
 */
public record Candidate(
    StreamConsumer stream, EntryId id, boolean waits, int suspicion, Runnable send) {}
