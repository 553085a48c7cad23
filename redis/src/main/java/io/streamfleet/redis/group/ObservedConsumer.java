package io.streamfleet.redis.group;

import java.time.Duration;
import java.util.Optional;

/**
 * A consumer of a group, as Redis knows it.
 *
 * @param pending entries delivered to it and not acknowledged
 * @param idle since it last called, or somebody moved entries to or from it (XINFO CONSUMERS)
 * @param inactive since it last got an entry; known from Redis 7.2 on, and of who ever got one
 */
public record ObservedConsumer(
    String name, long pending, Optional<Duration> idle, Optional<Duration> inactive) {}
