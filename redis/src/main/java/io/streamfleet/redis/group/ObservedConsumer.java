package io.streamfleet.redis.group;

import java.time.Duration;
import java.util.Optional;

/**
 * A consumer of a group, as Redis reports it.
 *
 * @param pending entries delivered to it and not acknowledged
 * @param idle since its last call, or since entries were moved to or from it (XINFO CONSUMERS)
 * @param inactive since it last got an entry; from Redis 7.2 on, and only if it ever got one
 */
public record ObservedConsumer(
    String name, long pending, Optional<Duration> idle, Optional<Duration> inactive) {}
