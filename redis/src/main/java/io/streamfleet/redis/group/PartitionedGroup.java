package io.streamfleet.redis.group;

import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A group whose stream has partitions; see docs/partitions.md.
 *
 * @param whole the stream that has partitions, which nobody but a splitter reads, and the group
 * @param streams the streams of the partitions, by number
 */
public record PartitionedGroup(ConsumerGroup whole, List<String> streams) {

  public PartitionedGroup {
    streams = List.copyOf(streams);
  }

  /** The groups of the partitions, by number. */
  public List<ConsumerGroup> groups() {
    return streams.stream().map(stream -> new ConsumerGroup(stream, whole.group())).toList();
  }

  /** The streams that can have a lease: that of the stream itself is the splitter's. */
  public List<String> leased() {
    return Stream.concat(streams.stream(), Stream.of(whole.stream())).toList();
  }

  /** The keys by which workers share the partitions. */
  public PartitionKeys keys() {
    return new PartitionKeys(whole.stream(), whole.group());
  }

  /** What was observed of each partition, by number; without those that were not observed. */
  public List<ObservedGroup> partsIn(List<ObservedGroup> observed) {
    Map<ConsumerGroup, ObservedGroup> found = new HashMap<>();
    observed.forEach(it -> found.put(it.group(), it));
    return groups().stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /** The same, and the stream itself if a splitter reads it: what is there waits as well. */
  private List<ObservedGroup> withSplit(List<ObservedGroup> observed) {
    return Stream.concat(partsIn(observed).stream(), observed.stream().filter(this::isSplit))
        .toList();
  }

  /**
   * Puts one group in the place of the partitions of each of these, and of the stream that is split
   * into them, in the same order.
   */
  public static List<ObservedGroup> wholes(
      List<ObservedGroup> observed, List<PartitionedGroup> partitioned) {
    Map<ConsumerGroup, PartitionedGroup> byPart = new HashMap<>();
    for (PartitionedGroup whole : partitioned) {
      whole.groups().forEach(part -> byPart.put(part, whole));
      byPart.put(whole.whole(), whole);
    }
    List<ObservedGroup> wholes = new ArrayList<>();
    for (ObservedGroup group : observed) {
      PartitionedGroup whole = byPart.get(group.group());
      if (whole == null) {
        wholes.add(group);
      } else if (wholes.stream().noneMatch(it -> it.group().equals(whole.whole()))) {
        wholes.add(whole.sum(whole.withSplit(observed)));
      }
    }
    return wholes;
  }

  /**
   * The partitions as one group: counts are sums and unknown where one of them is, ages are those
   * of the oldest, and a consumer has what is pending for it in any. The length is that of the
   * stream itself where a splitter reads it.
   *
   * @param parts at least one
   */
  public ObservedGroup sum(List<ObservedGroup> parts) {
    return new ObservedGroup(
        whole,
        parts.stream()
            .map(ObservedGroup::presence)
            .filter(it -> it != Presence.PRESENT)
            .findFirst()
            .orElse(Presence.PRESENT),
        sum(
            // What is split is in its partition as well.
            parts.stream().anyMatch(this::isSplit)
                ? parts.stream().filter(this::isSplit).toList()
                : parts,
            ObservedGroup::length),
        sum(parts, ObservedGroup::pending),
        sum(parts, ObservedGroup::lag),
        sum(parts, ObservedGroup::trimmed),
        parts.stream().allMatch(it -> it.oldestUnread().isPresent())
            ? longest(parts.stream().map(ObservedGroup::oldestUnread))
            : Optional.empty(),
        longest(parts.stream().map(it -> it.oldest().map(OldestPending::published)))
            .map(
                published ->
                    new OldestPending(
                        published,
                        longest(parts.stream().map(it -> it.oldest().map(OldestPending::delivered)))
                            .orElse(Duration.ZERO))),
        consumers(parts),
        parts.stream().flatMap(it -> it.refused().stream()).findFirst());
  }

  private boolean isSplit(ObservedGroup part) {
    return part.group().equals(whole);
  }

  /** Unknown if one part is unknown. */
  private static OptionalLong sum(
      List<ObservedGroup> parts, Function<ObservedGroup, OptionalLong> number) {
    return parts.stream().map(number).allMatch(OptionalLong::isPresent)
        ? OptionalLong.of(parts.stream().map(number).mapToLong(OptionalLong::getAsLong).sum())
        : OptionalLong.empty();
  }

  private static Optional<Duration> longest(Stream<Optional<Duration>> ages) {
    return ages.flatMap(Optional::stream).max(Comparator.naturalOrder());
  }

  private static List<ObservedConsumer> consumers(List<ObservedGroup> parts) {
    Map<String, ObservedConsumer> byName = new TreeMap<>();
    parts.forEach(
        part ->
            part.consumers()
                .forEach(it -> byName.merge(it.name(), it, PartitionedGroup::together)));
    return List.copyOf(byName.values());
  }

  /** One consumer of two partitions: the last call to any of them counts. */
  public static ObservedConsumer together(ObservedConsumer one, ObservedConsumer other) {
    return new ObservedConsumer(
        one.name(),
        one.pending() + other.pending(),
        shortest(one.idle(), other.idle()),
        shortest(one.inactive(), other.inactive()));
  }

  private static Optional<Duration> shortest(Optional<Duration> one, Optional<Duration> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }
}
