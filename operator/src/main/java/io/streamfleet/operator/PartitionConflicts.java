package io.streamfleet.operator;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.Violation;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds what would have two workers handle one channel, or nobody: a stream that two resources
 * divide into different partitions in one group, and partitions that change while entries wait in
 * them. Pure.
 */
final class PartitionConflicts {

  private static final String PATH = "spec.inbound.partitions";

  /** A resource is older if it was created before, and by its name where that is the same. */
  private static final Comparator<StreamConsumerGroup> BY_AGE =
      Comparator.<StreamConsumerGroup, String>comparing(
              it -> Objects.requireNonNullElse(it.getMetadata().getCreationTimestamp(), ""))
          .thenComparing(it -> FleetId.of(it).toString());

  private PartitionConflicts() {}

  /**
   * How a resource reads a group.
   *
   * @param whole the group itself, or the one whose stream has it as a partition
   * @param partitions how many that stream has; 0 if it has none
   */
  private record Use(ConsumerGroup whole, int partitions) {}

  /** What a resource reads, and how. */
  private record Claim(StreamConsumerGroup resource, Fleet fleet, Map<ConsumerGroup, Use> uses) {

    static Claim of(StreamConsumerGroup resource, Fleet fleet) {
      return new Claim(resource, fleet, PartitionConflicts.uses(fleet));
    }

    /** A group that both read in different ways. */
    Optional<ConsumerGroup> contested(Claim other) {
      return uses.keySet().stream()
          .filter(other.uses::containsKey)
          .filter(group -> !use(group).equals(other.use(group)))
          .findFirst();
    }

    Use use(ConsumerGroup group) {
      return Objects.requireNonNull(uses.get(group));
    }

    boolean isInForce(ConsumerGroup group) {
      return PartitionConflicts.isInForce(resource, use(group));
    }
  }

  /**
   * Conflicts with other resources. Only one of two is told to change: not the one whose workers
   * run already as it says, else the younger one. A resource that has to give way to a third one is
   * in nobody's way.
   *
   * @param others that read the same streams, see {@link
   *     io.streamfleet.operator.cluster.GroupDeclarations#sharing}
   */
  static List<Violation> among(
      StreamConsumerGroup resource, Fleet fleet, List<StreamConsumerGroup> others) {
    Claim ours = Claim.of(resource, fleet);
    List<Claim> theirs =
        others.stream()
            .flatMap(it -> declared(it).map(declared -> Claim.of(it, declared)).stream())
            .filter(it -> it.fleet().spec().redis().url().equals(fleet.spec().redis().url()))
            .toList();
    List<Violation> conflicts = new ArrayList<>();
    for (Claim other : theirs) {
      ours.contested(other)
          .filter(group -> precedes(other, ours, group))
          .filter(group -> other.isInForce(group) || !givesWay(other, theirs))
          .map(group -> conflict(ours.use(group), other.fleet().id(), other.use(group)))
          .ifPresent(conflicts::add);
    }
    return conflicts;
  }

  private static boolean precedes(Claim other, Claim ours, ConsumerGroup group) {
    boolean theyRun = other.isInForce(group);
    return theyRun == ours.isInForce(group)
        ? BY_AGE.compare(other.resource(), ours.resource()) < 0
        : theyRun;
  }

  private static boolean givesWay(Claim claim, List<Claim> others) {
    return others.stream()
        .anyMatch(other -> claim.contested(other).filter(other::isInForce).isPresent());
  }

  /** Another resource that is invalid for other reasons says so itself. */
  private static Optional<Fleet> declared(StreamConsumerGroup other) {
    try {
      return Optional.of(Fleet.of(other));
    } catch (InvalidManifest e) {
      return Optional.empty();
    }
  }

  private static Map<ConsumerGroup, Use> uses(Fleet fleet) {
    Map<ConsumerGroup, Use> uses = new LinkedHashMap<>();
    for (PartitionedGroup partitioned : fleet.partitioned()) {
      Use use = new Use(partitioned.whole(), partitioned.streams().size());
      uses.put(partitioned.whole(), use);
      partitioned.groups().forEach(part -> uses.put(part, use));
    }
    fleet.groups().stream()
        .map(DeclaredGroup::group)
        .forEach(group -> uses.putIfAbsent(group, new Use(group, 0)));
    return uses;
  }

  /** Whether workers of a resource read in this way, as its status says. */
  private static boolean isInForce(StreamConsumerGroup resource, Use use) {
    StreamConsumerGroupStatus status = resource.getStatus();
    if (status == null) {
      return false;
    }
    ConsumerGroup whole = use.whole();
    Optional<Integer> partitions =
        status.partitions().stream()
            .filter(it -> new ConsumerGroup(it.stream(), it.group()).equals(whole))
            .map(it -> it.count())
            .findFirst();
    return use.partitions() > 0
        ? partitions.equals(Optional.of(use.partitions()))
        : partitions.isEmpty()
            && status.streams().stream()
                .anyMatch(it -> new ConsumerGroup(it.stream(), it.group()).equals(whole));
  }

  private static Violation conflict(Use ours, FleetId other, Use theirs) {
    return new Violation(
        ours.partitions() == 0 ? "spec.inbound.streams" : PATH,
        ("reads %s in the group %s %s, and the resource %s reads %s %s, so a channel would have two"
                + " workers, or none: give both the same inbound.partitions, or one another group")
            .formatted(
                ours.whole().stream(),
                ours.whole().group(),
                described(ours),
                other,
                theirs.whole().stream(),
                described(theirs)));
  }

  private static String described(Use use) {
    return use.partitions() == 0
        ? "without partitions"
        : "in %d partitions".formatted(use.partitions());
  }

  /**
   * Partitions that were changed while workers or entries go by the old ones.
   *
   * @param running what the workers run with
   * @param observation of the Redis of that
   */
  static List<Violation> withRunning(Fleet running, Fleet fleet, RedisObservation observation) {
    List<Violation> conflicts = new ArrayList<>();
    Map<ConsumerGroup, Use> wanted = uses(fleet);
    for (PartitionedGroup partitioned : running.partitioned()) {
      Use is = new Use(partitioned.whole(), partitioned.streams().size());
      Use becomes = wanted.get(partitioned.whole());
      if (becomes != null && !becomes.equals(is)) {
        inTheWay(partitioned, observation)
            .ifPresent(
                why ->
                    conflicts.add(
                        new Violation(
                            PATH,
                            ("cannot change yet: %s is read %s in the group %s, and that can be"
                                    + " changed when no worker runs and every entry is settled, but"
                                    + " %s. Take the change back, stop publishing until everything"
                                    + " is settled, set workers.replicas to 0, and change it then")
                                .formatted(
                                    partitioned.whole().stream(),
                                    described(is),
                                    partitioned.whole().group(),
                                    why))));
      }
    }
    return conflicts;
  }

  private static Optional<String> inTheWay(
      PartitionedGroup partitioned, RedisObservation observation) {
    if (!(observation instanceof RedisObservation.Seen seen)) {
      return Optional.of("Redis has not told whether that is so");
    }
    List<ObservedGroup> parts = partitioned.partsIn(seen.groups());
    boolean known =
        parts.size() == partitioned.streams().size()
            && seen.partitions().stream()
                .anyMatch(
                    it ->
                        it.observed().group().equals(partitioned)
                            && it.observed().refused().isEmpty());
    if (!known) {
      return Optional.of("Redis has not told whether that is so");
    }
    if (seen.partitions().stream().anyMatch(it -> !it.observed().present().isEmpty())) {
      return Optional.of("workers run");
    }
    return parts.stream().allMatch(ObservedGroup::isSettled)
        ? Optional.empty()
        : Optional.of("entries wait in its partitions");
  }
}
