package io.streamfleet.operator.redis;

import io.streamfleet.redis.group.ObservedPartitions;
import java.time.Duration;

/**
 * Who has the partitions of a group.
 *
 * @param longestWithoutOwner for how long at least some partition has had no owner, as far as was
 *     observed; zero if each has one
 */
public record PartitionsSeen(ObservedPartitions observed, Duration longestWithoutOwner) {}
