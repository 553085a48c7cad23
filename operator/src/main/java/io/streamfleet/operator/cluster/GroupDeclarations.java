package io.streamfleet.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.streamfleet.api.Condition;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Knows which of all resources declare which consumer groups. */
public final class GroupDeclarations {

  private static final String GROUPS = "groups";

  /** Those whose streams may have partitions. */
  private static final String WHOLES = "wholes";

  private final IndexerResourceCache<StreamConsumerGroup> primaries;

  GroupDeclarations(IndexerResourceCache<StreamConsumerGroup> primaries) {
    this.primaries = primaries;
    primaries.addIndexer(WHOLES, resource -> wholes(resource).map(GroupDeclarations::key).toList());
    primaries.addIndexer(GROUPS, resource -> groups(resource).map(GroupDeclarations::key).toList());
  }

  /**
   * The other resources that declare a group of this name, on any Redis. Those that are about to
   * delete the group themselves don't count: of two resources deleted together, one has to delete
   * it.
   *
   * @param leaves whether a resource is being deleted, with its groups
   */
  public List<FleetId> others(
      ConsumerGroup group, FleetId but, Predicate<StreamConsumerGroup> leaves) {
    return primaries.byIndex(GROUPS, key(group)).stream()
        .filter(leaves.negate())
        .map(FleetId::of)
        .filter(id -> !id.equals(but))
        .sorted(Comparator.comparing(FleetId::toString))
        .toList();
  }

  /**
   * The other resources that read one of the same groups, or partitions of one, on any Redis.
   * Without those that are being deleted.
   */
  public List<StreamConsumerGroup> sharing(Fleet fleet) {
    Stream<ConsumerGroup> read = fleet.groups().stream().map(DeclaredGroup::group);
    Stream<ConsumerGroup> wholes = fleet.partitioned().stream().map(PartitionedGroup::whole);
    Map<FleetId, StreamConsumerGroup> found =
        new TreeMap<>(Comparator.comparing(FleetId::toString));
    Stream.concat(read, wholes)
        .flatMap(
            group ->
                Stream.of(GROUPS, WHOLES)
                    .flatMap(index -> primaries.byIndex(index, key(group)).stream()))
        .filter(it -> !it.isMarkedForDeletion())
        .forEach(it -> found.put(FleetId.of(it), it));
    found.remove(fleet.id());
    return List.copyOf(found.values());
  }

  private static Stream<ConsumerGroup> wholes(StreamConsumerGroup resource) {
    try {
      return Fleet.of(resource).partitioned().stream().map(PartitionedGroup::whole);
    } catch (InvalidManifest e) {
      return Stream.of();
    }
  }

  /**
   * The groups that a resource declares. If its spec is invalid, also those that its workers still
   * read.
   */
  private static Stream<ConsumerGroup> groups(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus status = resource.getStatus();
    Stream<ConsumerGroup> running =
        status != null && status.conditions().stream().anyMatch(GroupDeclarations::isInvalid)
            ? read(status)
            : Stream.of();
    try {
      return Stream.concat(running, Fleet.of(resource).groups().stream().map(DeclaredGroup::group))
          .distinct();
    } catch (InvalidManifest e) {
      // The status says so, or will.
      return running;
    }
  }

  /** Those that workers read, as a status tells: not a stream itself that has partitions. */
  private static Stream<ConsumerGroup> read(StreamConsumerGroupStatus status) {
    Set<ConsumerGroup> wholes =
        status.partitions().stream()
            .map(it -> new ConsumerGroup(it.stream(), it.group()))
            .collect(Collectors.toSet());
    return Stream.concat(
        status.streams().stream()
            .map(it -> new ConsumerGroup(it.stream(), it.group()))
            .filter(it -> !wholes.contains(it)),
        status.partitions().stream()
            .flatMap(
                it -> it.streams().stream().map(stream -> new ConsumerGroup(stream, it.group()))));
  }

  private static boolean isInvalid(Condition condition) {
    return "InvalidSpec".equals(condition.reason());
  }

  private static String key(ConsumerGroup group) {
    return group.stream() + '\n' + group.group();
  }
}
