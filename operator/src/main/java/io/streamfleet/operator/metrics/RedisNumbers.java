package io.streamfleet.operator.metrics;

import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is shown of a resource's Redis.
 *
 * @param writable whether it takes writes, as far as is known
 * @param groups what the resource declares
 * @param paused those of them of which nothing more is taken in
 * @param deadLetters entries of its dead-letter stream
 * @param deadLettersLimit from how many on the oldest go; 0 keeps all
 */
public record RedisNumbers(
    boolean reachable,
    boolean writable,
    List<ObservedGroup> groups,
    Set<ConsumerGroup> paused,
    OptionalLong deadLetters,
    long deadLettersLimit) {

  /** Redis does not answer, and nothing is known of it. */
  public static final RedisNumbers AWAY =
      new RedisNumbers(false, true, List.of(), Set.of(), OptionalLong.empty(), 0);

  public RedisNumbers {
    groups = List.copyOf(groups);
    paused = Set.copyOf(paused);
  }
}
