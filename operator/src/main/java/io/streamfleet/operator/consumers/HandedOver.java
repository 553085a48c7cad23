package io.streamfleet.operator.consumers;

import io.streamfleet.redis.group.ConsumerGroup;

/**
 * What was pending for a consumer whose pod is gone, and is claimable now.
 *
 * @param entries how many
 */
public record HandedOver(ConsumerGroup group, String consumer, long entries) {}
