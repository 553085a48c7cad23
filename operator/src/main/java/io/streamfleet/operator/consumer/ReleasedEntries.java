package io.streamfleet.operator.consumer;

import io.streamfleet.redis.group.ConsumerGroup;

/**
 * Entries that were pending for a consumer whose pod is gone and were made claimable.
 *
 * @param entries how many
 */
public record ReleasedEntries(ConsumerGroup group, String consumer, long entries) {}
