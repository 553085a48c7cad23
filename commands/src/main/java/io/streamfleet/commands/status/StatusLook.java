package io.streamfleet.commands.status;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.OldestPending;
import io.streamfleet.redis.group.PartitionInspection;
import io.streamfleet.redis.group.PartitionedGroup;
import io.streamfleet.redis.group.PendingWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all groups of a manifest. A look after the first tells the trend since the one before.
 * Not thread-safe.
 */
public final class StatusLook {

  private final StreamConsumerGroupSpec spec;
  private final List<ReadStream> parts;
  private final List<ReadStream> streams;
  private final List<PartitionedGroup> partitioned;
  private final PendingWatch watch = new PendingWatch();
  private @Nullable Inspection before;

  public StatusLook(StreamConsumerGroupSpec spec) {
    this.spec = spec;
    this.parts = ReadStream.of(spec);
    this.streams = parts.stream().map(ReadStream::whole).distinct().toList();
    this.partitioned = ReadStream.partitioned(parts);
  }

  /**
   * How a fleet does.
   *
   * @param at by the clock of Redis
   * @param deadLetters empty if Redis does not tell
   * @param writesRefused the error of each write, if Redis takes none
   */
  public record FleetStatus(
      Instant at,
      List<GroupStatus> groups,
      OptionalLong deadLetters,
      Optional<String> writesRefused) {}

  /**
   * Looks, by a handful of small commands for each stream and each partition, sent together.
   *
   * @throws io.lettuce.core.RedisException when Redis fails
   */
  public FleetStatus look(Link link) {
    GroupInspection inspection = new GroupInspection(link, watch);
    Supplier<CompletableFuture<List<ObservedPartitions>>> owners =
        () -> PartitionInspection.look(link, partitioned);
    CompletableFuture<List<ObservedPartitions>> asked = owners.get();
    Inspection now =
        RedisReply.of(
            () ->
                inspection.look(
                    parts.stream().map(ReadStream::group).toList(),
                    GroupInspection.Consumers.ALL,
                    List.of(spec.deadLetter().stream())));
    List<ObservedPartitions> owned = RedisReply.of(asked, owners);
    Inspection earlier = before == null ? now : before;
    before = now;
    Holdups holdups = new Holdups(spec);
    return new FleetStatus(
        now.at(),
        streams.stream().map(stream -> status(link, holdups, stream, earlier, now, owned)).toList(),
        now.lengthOf(spec.deadLetter().stream()),
        now.writesRefused());
  }

  private GroupStatus status(
      Link link,
      Holdups holdups,
      ReadStream stream,
      Inspection before,
      Inspection after,
      List<ObservedPartitions> owned) {
    ObservedGroup seen = of(stream, after);
    Optional<PendingEntry> oldest =
        ofOldest(stream, after).flatMap(it -> new PendingPages(link, it).oldest());
    Optional<PartitionsStatus> partitions =
        owned.stream()
            .filter(it -> it.group().whole().equals(stream.group()))
            .map(it -> new PartitionsStatus(it, it.group().partsIn(after.groups())))
            .findFirst();
    Optional<LimitUse> limit = LimitUse.of(link, spec, stream, after.at());
    return new GroupStatus(
        stream,
        seen,
        Trend.between(of(stream, before), seen, Duration.between(before.at(), after.at())),
        oldest,
        seen.consumers().stream().filter(holdups::isAlive).count(),
        limit,
        partitions,
        Stream.concat(
                partitions.stream().flatMap(it -> it.heldBackBy().stream()),
                holdups.of(stream, seen, oldest, limit, after.writesRefused()).stream())
            .toList());
  }

  /** The group that has the oldest pending entry of a stream, or of its partitions. */
  private Optional<ConsumerGroup> ofOldest(ReadStream stream, Inspection seen) {
    return partitioned.stream()
        .filter(it -> it.whole().equals(stream.group()))
        .findFirst()
        .map(it -> it.partsIn(seen.groups()))
        .orElseGet(() -> List.of(of(stream, seen)))
        .stream()
        .filter(it -> it.presence() == Presence.PRESENT && it.pending().orElse(0) > 0)
        .max(
            Comparator.comparing(
                (ObservedGroup it) ->
                    it.oldest().map(OldestPending::published).orElse(Duration.ZERO)))
        .map(ObservedGroup::group);
  }

  private ObservedGroup of(ReadStream stream, Inspection seen) {
    return PartitionedGroup.wholes(seen.groups(), partitioned).stream()
        .filter(it -> it.group().equals(stream.group()))
        .findFirst()
        .orElseThrow();
  }
}
