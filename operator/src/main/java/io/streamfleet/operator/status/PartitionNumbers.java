package io.streamfleet.operator.status;

import io.streamfleet.api.PartitionOwnerStatus;
import io.streamfleet.api.PartitionsStatus;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedPartitions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes what a status tells of the partitions of a stream. */
final class PartitionNumbers {

  /** Enough to find them; the console and the metrics have all. */
  private static final int MAX_NUMBERS = 8;

  /** As for consumers: nobody reads a longer list. */
  private static final int MAX_OWNERS = 50;

  private PartitionNumbers() {}

  /**
   * @param groups those of the partitions are among them
   */
  static PartitionsStatus of(ObservedPartitions observed, List<ObservedGroup> groups) {
    List<ObservedGroup> parts = observed.group().partsIn(groups);
    int count = observed.partitions().size();
    boolean known = parts.size() == count && parts.stream().allMatch(it -> it.lag().isPresent());
    int most = known ? indexOfLargest(parts) : -1;
    long largest = known ? parts.get(most).lag().getAsLong() : 0;
    List<Integer> without = observed.withoutOwner();
    return new PartitionsStatus(
        observed.group().whole().stream(),
        observed.group().whole().group(),
        count,
        count - without.size(),
        without.stream().limit(MAX_NUMBERS).toList(),
        observed.byOwner().entrySet().stream()
            .map(it -> new PartitionOwnerStatus(it.getKey(), it.getValue().size()))
            .sorted(
                Comparator.comparingInt(PartitionOwnerStatus::partitions)
                    .reversed()
                    .thenComparing(PartitionOwnerStatus::worker))
            .limit(MAX_OWNERS)
            .toList(),
        known ? (Long) largest : null,
        largest > 0 ? (Integer) most : null,
        known ? (Long) (parts.stream().mapToLong(it -> it.lag().orElse(0)).sum() / count) : null,
        observed.lastMove().map(PartitionNumbers::text).orElse(null));
  }

  private static int indexOfLargest(List<ObservedGroup> parts) {
    return IntStream.range(0, parts.size())
        .boxed()
        .max(Comparator.comparingLong((Integer it) -> parts.get(it).lag().orElse(0)))
        .orElseThrow();
  }

  private static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** How many partitions have an owner, of all; absent if none are known. */
  static @Nullable String owned(List<PartitionsStatus> partitions) {
    return partitions.isEmpty()
        ? null
        : "%d/%d"
            .formatted(
                partitions.stream().mapToInt(PartitionsStatus::owned).sum(),
                partitions.stream().mapToInt(PartitionsStatus::count).sum());
  }
}
