package io.streamfleet.redis.group;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Which worker has which partition of a stream in a group.
 *
 * @param agreed how many partitions workers and publishers go by, if workers ever ran
 * @param partitions by number
 * @param members the workers that share them, and how long ago each announced itself
 * @param refused the error for a command that Redis refused; what it would have told is missing
 */
public record ObservedPartitions(
    PartitionedGroup group,
    OptionalInt agreed,
    List<ObservedPartition> partitions,
    Map<String, Duration> members,
    Optional<String> refused) {

  /** Workers announce themselves five times a second. */
  private static final Duration PRESENT_WITHIN = Duration.ofSeconds(10);

  public ObservedPartitions {
    partitions = List.copyOf(partitions);
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }

  /** The numbers of the partitions that nobody has. */
  public List<Integer> withoutOwner() {
    return partitions.stream()
        .filter(it -> it.owner().isEmpty())
        .map(ObservedPartition::number)
        .toList();
  }

  /** The workers that announced themselves a moment ago. */
  public List<String> present() {
    return members.entrySet().stream()
        .filter(it -> it.getValue().compareTo(PRESENT_WITHIN) <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The numbers of the partitions that each worker has, also of one that is there without any. */
  public Map<String, List<Integer>> byOwner() {
    Map<String, List<Integer>> owned = new TreeMap<>();
    present().forEach(member -> owned.put(member, new ArrayList<>()));
    partitions.forEach(
        it ->
            it.owner()
                .ifPresent(
                    owner ->
                        owned.computeIfAbsent(owner, key -> new ArrayList<>()).add(it.number())));
    return owned;
  }

  /** When a partition last got an owner. */
  public Optional<Instant> lastMove() {
    return partitions.stream().flatMap(it -> it.granted().stream()).max(Instant::compareTo);
  }
}
