package io.streamfleet.operator.resource;

import io.streamfleet.redis.group.ConsumerGroup;

/**
 * A consumer group that a fleet declares: it must exist in Redis before workers start.
 *
 * @param startFrom where the group starts if it does not exist yet: Beginning, End, or an entry id
 * @param paused whether nothing more is taken in of it
 */
public record DeclaredGroup(
    StreamDirection direction, ConsumerGroup group, String startFrom, boolean paused) {}
