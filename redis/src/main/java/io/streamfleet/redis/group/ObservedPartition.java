package io.streamfleet.redis.group;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The lease of one partition.
 *
 * @param owner the consumer that has it; empty if it was released, has run out, or was never
 *     granted
 * @param granted when the last owner got it, by the clock of Redis, unless that went back since
 * @param left how long the lease lasts unless it is renewed; zero without an owner
 */
public record ObservedPartition(
    int number, Optional<String> owner, Optional<Instant> granted, Duration left) {}
