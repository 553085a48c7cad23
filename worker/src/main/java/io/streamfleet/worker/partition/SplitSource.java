package io.streamfleet.worker.partition;

import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.entry.StreamConsumer;
import java.time.Duration;

/**
 * What a splitter moves, and where to.
 *
 * @param stream the plain stream
 * @param startFrom where its group starts if it does not exist
 * @param scan finds the channel in a payload
 * @param term the time after which a lease expires that is not renewed
 */
public record SplitSource(
    StreamConsumer stream,
    Partitions partitions,
    String startFrom,
    HeaderScan scan,
    Duration term) {}
