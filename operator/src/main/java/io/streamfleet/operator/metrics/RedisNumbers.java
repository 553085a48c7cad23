package io.streamfleet.operator.metrics;

import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The numbers of a resource's Redis for the metrics.
 *
 * @param writable whether it accepts writes, as far as is known
 * @param groups that the resource declares
 * @param partitions who has the partitions of the streams that have some
 * @param paused those groups whose intake is paused
 * @param deadLetters entries of the dead-letter stream
 * @param deadLettersLimit the length to which that stream is trimmed; 0 keeps all
 */
public record RedisNumbers(
    boolean reachable,
    boolean writable,
    List<ObservedGroup> groups,
    List<ObservedPartitions> partitions,
    Set<ConsumerGroup> paused,
    OptionalLong deadLetters,
    long deadLettersLimit) {

  /** Redis is unreachable and nothing is known. */
  public static final RedisNumbers AWAY =
      new RedisNumbers(false, true, List.of(), List.of(), Set.of(), OptionalLong.empty(), 0);

  public RedisNumbers {
    groups = List.copyOf(groups);
    partitions = List.copyOf(partitions);
    paused = Set.copyOf(paused);
  }
}
