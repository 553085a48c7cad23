package io.streamfleet.operator.status;

import io.streamfleet.api.ConsumerStatus;
import io.streamfleet.api.PartitionsStatus;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a status that come from Redis. What Redis did not report is absent, never zero.
 */
record Numbers(
    @Nullable Long pending,
    @Nullable Long lag,
    @Nullable Long deadLetters,
    List<StreamStatus> streams,
    List<PartitionsStatus> partitions,
    List<ConsumerStatus> consumers) {

  /**
   * The API server holds objects in memory for every watcher, and nobody reads a list of thousands.
   */
  private static final int MAX_CONSUMERS = 50;

  private static final long AGE_SLACK_SECONDS = 30;

  private static final long AGE_SLACK_PART = 10;

  private static final Comparator<ConsumerStatus> BY_NAME =
      Comparator.comparing(ConsumerStatus::name).thenComparing(ConsumerStatus::stream);

  static final Numbers NONE = new Numbers(null, null, null, List.of(), List.of(), List.of());

  static Numbers of(StreamConsumerGroupStatus before) {
    return new Numbers(
        before.pending(),
        before.lag(),
        before.deadLetters(),
        before.streams(),
        before.partitions(),
        before.consumers());
  }

  static Numbers of(RedisObservation.Seen seen) {
    return of(seen, Set.of());
  }

  static Numbers of(RedisObservation.Seen seen, Set<String> pods) {
    List<ObservedGroup> groups = seen.wholes();
    return new Numbers(
        sum(seen.groups().stream().map(ObservedGroup::pending)),
        sum(seen.groups().stream().map(ObservedGroup::lag)),
        nullable(seen.deadLetters()),
        groups.stream().map(Numbers::stream).toList(),
        seen.partitions().stream()
            .filter(it -> it.observed().refused().isEmpty())
            .map(it -> PartitionNumbers.of(it.observed(), seen.groups()))
            .toList(),
        groups.stream()
            .flatMap(group -> group.consumers().stream().map(it -> consumer(group, it, pods)))
            .sorted(
                Comparator.comparingLong(ConsumerStatus::pending)
                    .reversed()
                    .thenComparing(ConsumerStatus::name)
                    .thenComparing(ConsumerStatus::stream))
            .limit(MAX_CONSUMERS)
            .toList());
  }

  /**
   * Whether these numbers are still correct: the same counts, and ages that are not far off. An age
   * grows by itself; a difference of a tenth, or of half a minute, is not worth a write.
   */
  boolean matches(Numbers now) {
    return withoutAges().equals(now.withoutAges()) && ages().matches(now.ages());
  }

  /** Whether the counts are the same, whatever the consumers and ages. */
  boolean sameCounts(Numbers other) {
    return Objects.equals(pending, other.pending)
        && Objects.equals(lag, other.lag)
        && Objects.equals(deadLetters, other.deadLetters)
        && withoutAges().streams.equals(other.withoutAges().streams)
        && partitions.equals(other.partitions);
  }

  /** All ages, in a fixed order. */
  private Ages ages() {
    return new Ages(
        Stream.concat(
                streams.stream()
                    .flatMap(
                        it ->
                            Stream.of(
                                Optional.ofNullable(it.oldestUnreadSeconds()),
                                Optional.ofNullable(it.oldestPendingPublishedSeconds()),
                                Optional.ofNullable(it.oldestPendingDeliveredSeconds()))),
                consumers.stream().sorted(BY_NAME).map(it -> Optional.of(it.idleSeconds())))
            .toList());
  }

  private record Ages(List<Optional<Long>> seconds) {
    boolean matches(Ages now) {
      return seconds.size() == now.seconds.size()
          && IntStream.range(0, seconds.size())
              .allMatch(i -> isNear(seconds.get(i), now.seconds.get(i)));
    }

    private static boolean isNear(Optional<Long> before, Optional<Long> now) {
      return before.isPresent() == now.isPresent()
          && Math.abs(now.orElse(0L) - before.orElse(0L))
              <= Math.max(AGE_SLACK_SECONDS, now.orElse(0L) / AGE_SLACK_PART);
    }
  }

  private Numbers withoutAges() {
    return new Numbers(
        pending,
        lag,
        deadLetters,
        streams.stream()
            .map(
                it ->
                    new StreamStatus(
                        it.stream(),
                        it.group(),
                        it.length(),
                        it.pending(),
                        it.lag(),
                        null,
                        null,
                        null,
                        it.consumers()))
            .toList(),
        partitions,
        consumers.stream()
            .sorted(BY_NAME)
            .map(it -> new ConsumerStatus(it.name(), it.pod(), it.stream(), it.pending(), 0))
            .toList());
  }

  /**
   * Whether both list the same consumers with the same pods. Lists that are cut off are not
   * compared.
   */
  boolean hasSameConsumers(Numbers other) {
    return (consumers.size() >= MAX_CONSUMERS && other.consumers.size() >= MAX_CONSUMERS)
        || names().equals(other.names());
  }

  private Set<List<@Nullable String>> names() {
    return consumers.stream()
        .map(it -> Arrays.asList(it.name(), it.pod(), it.stream()))
        .collect(Collectors.toSet());
  }

  /** Unknown if one part is unknown. */
  private static @Nullable Long sum(Stream<OptionalLong> parts) {
    List<OptionalLong> all = parts.toList();
    return all.stream().allMatch(OptionalLong::isPresent)
        ? (Long) all.stream().mapToLong(OptionalLong::getAsLong).sum()
        : null;
  }

  private static StreamStatus stream(ObservedGroup group) {
    return new StreamStatus(
        group.group().stream(),
        group.group().group(),
        group.length().orElse(0),
        group.pending().orElse(0),
        nullable(group.lag()),
        group.oldestUnread().map(Duration::toSeconds).orElse(null),
        group.oldest().map(it -> it.published().toSeconds()).orElse(null),
        group.oldest().map(it -> it.delivered().toSeconds()).orElse(null),
        group.consumers().size());
  }

  private static ConsumerStatus consumer(
      ObservedGroup group, ObservedConsumer consumer, Set<String> pods) {
    return new ConsumerStatus(
        consumer.name(),
        pods.contains(consumer.name()) ? consumer.name() : null,
        group.group().stream(),
        consumer.pending(),
        consumer.idle().map(Duration::toSeconds).orElse(0L));
  }

  private static @Nullable Long nullable(OptionalLong number) {
    return number.isPresent() ? (Long) number.getAsLong() : null;
  }
}
