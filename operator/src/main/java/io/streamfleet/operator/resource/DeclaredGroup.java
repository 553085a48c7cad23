package io.streamfleet.operator.resource;

import io.streamfleet.redis.group.ConsumerGroup;

/**
 * A consumer group that a fleet declares: it must exist in Redis before the workers start.
 *
 * @param startFrom where a new group starts: Beginning, End, or an entry id
 * @param paused whether its intake is paused
 */
public record DeclaredGroup(
    StreamDirection direction, ConsumerGroup group, String startFrom, boolean paused) {}
