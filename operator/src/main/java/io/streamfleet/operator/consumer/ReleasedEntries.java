package io.streamfleet.operator.consumer;

import io.streamfleet.redis.group.ConsumerGroup;

/**
 * What was pending for a consumer whose pod is gone, and is claimable now.
 *
 * @param entries how many
 */
public record ReleasedEntries(ConsumerGroup group, String consumer, long entries) {}
