package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;

/**
 * An entry that can be the probe of an endpoint.
 *
 * @param waits whether its next attempt is not due yet, as far as is known
 * @param suspicion how often the endpoint may have died of it: it is the better one to ask who is
 *     less suspected
 * @param send has it sent to the handler, as soon as it can be
 */
public record Candidate(
    StreamConsumer stream, EntryId id, boolean waits, int suspicion, Runnable send) {}
