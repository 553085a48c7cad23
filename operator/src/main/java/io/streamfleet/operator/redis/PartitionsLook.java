package io.streamfleet.operator.redis;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionInspection;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Looks who has the partitions of all resources of one Redis, and remembers since when a partition
 * has had no owner. Owned by the observer's thread of that server.
 */
final class PartitionsLook {

  private final LongSupplier nanoTime;

  /** By the group of the whole stream and the number of the partition. */
  private final Map<ConsumerGroup, Map<Integer, Long>> ownerlessSince = new HashMap<>();

  /**
   * @param nanoTime see {@link System#nanoTime}
   */
  PartitionsLook(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Asks, by a command for each partition and three for each group, all sent at once. */
  static CompletableFuture<List<ObservedPartitions>> at(Link link, List<Watched> watched) {
    return PartitionInspection.look(
        link,
        watched.stream().flatMap(it -> it.fleet().partitioned().stream()).distinct().toList());
  }

  /** Adds to what was observed now for how long partitions have had no owner. */
  Map<PartitionedGroup, PartitionsSeen> seen(List<ObservedPartitions> observed) {
    long now = nanoTime.getAsLong();
    Map<PartitionedGroup, PartitionsSeen> seen = new HashMap<>();
    Set<ConsumerGroup> groups = new HashSet<>();
    for (ObservedPartitions partitions : observed) {
      groups.add(partitions.group().whole());
      Map<Integer, Long> since =
          ownerlessSince.computeIfAbsent(partitions.group().whole(), group -> new HashMap<>());
      if (partitions.refused().isEmpty()) {
        List<Integer> without = partitions.withoutOwner();
        since.keySet().retainAll(without);
        without.forEach(number -> since.putIfAbsent(number, now));
      }
      long longest = since.values().stream().mapToLong(it -> now - it).max().orElse(0);
      seen.put(partitions.group(), new PartitionsSeen(partitions, Duration.ofNanos(longest)));
    }
    ownerlessSince.keySet().retainAll(groups);
    return seen;
  }

  /** Called when Redis is unreachable: nobody can tell what happens meanwhile. */
  void forget() {
    ownerlessSince.clear();
  }
}
