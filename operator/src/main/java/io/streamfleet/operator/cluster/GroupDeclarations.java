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
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Knows which of all resources declare which consumer groups. */
public final class GroupDeclarations {

  private static final String GROUPS = "groups";

  private final IndexerResourceCache<StreamConsumerGroup> primaries;

  GroupDeclarations(IndexerResourceCache<StreamConsumerGroup> primaries) {
    this.primaries = primaries;
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
   * The groups that a resource declares. If its spec is invalid, also those that its workers still
   * read.
   */
  private static Stream<ConsumerGroup> groups(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus status = resource.getStatus();
    Stream<ConsumerGroup> running =
        status != null && status.conditions().stream().anyMatch(GroupDeclarations::isInvalid)
            ? status.streams().stream().map(it -> new ConsumerGroup(it.stream(), it.group()))
            : Stream.of();
    try {
      return Stream.concat(running, Fleet.of(resource).groups().stream().map(DeclaredGroup::group))
          .distinct();
    } catch (InvalidManifest e) {
      // The status says so, or will.
      return running;
    }
  }

  private static boolean isInvalid(Condition condition) {
    return "InvalidSpec".equals(condition.reason());
  }

  private static String key(ConsumerGroup group) {
    return group.stream() + '\n' + group.group();
  }
}
