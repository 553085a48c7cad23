package io.streamfleet.operator.consumer;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.operator.cluster.PodsByName;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.AbandonedLocks;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.DepartureResult;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round over the consumers of a resource's groups: hands over entries, releases locks, removes
 * consumers. The calling thread waits for Redis.
 */
final class DepartureRound {

  private static final Logger LOG = LoggerFactory.getLogger(DepartureRound.class);

  /** Enough to scan ten million keys; with more, the locks expire about as soon. */
  private static final Duration SCAN_TIMEOUT = Duration.ofSeconds(15);

  private final Duration timeout;
  private final OperatorMetrics metrics;

  DepartureRound(Duration timeout, OperatorMetrics metrics) {
    this.timeout = timeout;
    this.metrics = metrics;
  }

  /**
   * The result of a round.
   *
   * @param names consumers that are left to clean up
   * @param someAlive whether some of them are still used by a running process
   * @param undecided how many of them this operator never saw as pods, so that they may be in use
   * @param handedOver entries that were made claimable
   */
  record Left(int names, boolean someAlive, int undecided, List<ReleasedEntries> handedOver) {

    static final Left NONE = new Left(0, false, 0, List.of());

    Left {
      handedOver = List.copyOf(handedOver);
    }

    Left and(DepartureResult departed) {
      return departed.nameGone()
          ? this
          : new Left(names + 1, someAlive || departed.alive(), undecided, handedOver);
    }

    Left withUndecided(int more) {
      return new Left(names + more, someAlive, undecided + more, handedOver);
    }

    /** They count as names that are left, also if they are left in groups as well. */
    Left withOwners(GoneOwners.Left owners) {
      return new Left(
          names + owners.names().size(),
          someAlive || !owners.alive().isEmpty(),
          undecided,
          handedOver);
    }

    Left with(List<ReleasedEntries> handed) {
      return new Left(names, someAlive, undecided, handed);
    }
  }

  /**
   * Does one round.
   *
   * @param pods supplies the present names of the pods
   * @param known the consumers that this operator saw as pods
   * @throws ExecutionException when Redis refused a command or can't be reached
   * @throws TimeoutException when Redis did not answer in time
   */
  Left see(Fleet fleet, Supplier<PodsByName> pods, KnownPods known, Link link)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<ObservedGroup> groups =
        new GroupInspection(link)
            .look(
                fleet.groups().stream().map(DeclaredGroup::group).toList(),
                GroupInspection.Consumers.ALL,
                List.of())
            .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .groups();
    // Read the consumers before the pods: a consumer exists only after its pod, so a new one is not
    // taken for gone.
    NoticeChannels notices = NoticeChannels.of(link, fleet.spec().control().noticePrefix());
    GoneOwners owners = GoneOwners.look(fleet, link, notices, timeout);
    PodsByName there = pods.get();
    known.see(there);
    known.prune(groups, owners.names(), there);
    GoneNames gone = new GoneNames(fleet, there.living());
    Set<String> spared = spared(groups, gone, known, new UnknownNames(link, notices, timeout));
    ConsumerDeparture departure = new ConsumerDeparture(link, notices);
    List<Release> releases = new ArrayList<>();
    for (ObservedGroup group : groups) {
      for (ObservedConsumer consumer : group.consumers()) {
        if (gone.isGone(consumer) && !spared.contains(consumer.name())) {
          releases.add(
              new Release(
                  group.group(),
                  consumer.name(),
                  gone.isOurs(consumer)
                      ? departure.release(group.group(), consumer.name(), gone.longestSilence())
                      : departure.removeEmpty(group.group(), consumer.name())));
        }
      }
    }
    Predicate<String> hasNoPod =
        name -> known.know(name) && !there.living().contains(name) && !spared.contains(name);
    Left left = settle(fleet, link, releases, departed -> owners.release(hasNoPod, departed));
    for (Release release : releases) {
      if (release.outcome().alive()) {
        known.cameBack(release.consumer(), there);
      }
    }
    return left.withUndecided(spared.size());
  }

  /** Consumers that may belong to running pods which this operator can't see. */
  private static Set<String> spared(
      List<ObservedGroup> groups, GoneNames gone, KnownPods known, UnknownNames unknownNames)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> unknown =
        groups.stream()
            .flatMap(group -> group.consumers().stream())
            .filter(consumer -> gone.isGone(consumer) && gone.isOurs(consumer))
            .map(ObservedConsumer::name)
            .filter(name -> !known.know(name))
            .collect(Collectors.toCollection(HashSet::new));
    if (unknown.isEmpty()) {
      return unknown;
    }
    Duration needed = KnownPods.needed(gone.fleet(), gone.longestSilence());
    Set<String> quiet = unknownNames.quiet(groups, unknown, needed);
    unknown.removeIf(name -> known.isGoneForGood(name, quiet.contains(name), needed));
    return unknown;
  }

  /** All are sent before the first reply is awaited: the loss of a node takes many pods with it. */
  private record Release(
      ConsumerGroup group, String consumer, CompletableFuture<DepartureResult> reply) {

    /** The result so far. */
    DepartureResult outcome() {
      return reply.isDone() && !reply.isCompletedExceptionally()
          ? reply.join()
          : new DepartureResult(0, false, false);
    }
  }

  /** Reports only after the last entry is released, since a report may take time. */
  private Left settle(Fleet fleet, Link link, List<Release> releases, PartitionRelease partitions)
      throws InterruptedException {
    Left left = Left.NONE;
    Set<String> gone = new HashSet<>();
    for (Release release : releases) {
      DepartureResult departed = outcome(fleet, release);
      left = left.and(departed);
      if (!departed.alive() && (departed.released() > 0 || departed.nameGone())) {
        gone.add(release.consumer());
      }
    }
    unlock(fleet, link, gone);
    GoneOwners.Left owners = partitions.release(gone);
    List<ReleasedEntries> handedOver = new ArrayList<>();
    for (Release release : releases) {
      DepartureResult departed = release.outcome();
      report(fleet, release, departed);
      if (departed.released() > 0) {
        handedOver.add(
            new ReleasedEntries(release.group(), release.consumer(), departed.released()));
      }
    }
    return left.with(handedOver).withOwners(owners);
  }

  /** Releases the partitions of gone workers, given those whose entries could be released. */
  private interface PartitionRelease {
    GoneOwners.Left release(Set<String> departed) throws InterruptedException;
  }

  /**
   * A released entry can't be handled as long as the pod that is gone holds the lock of its
   * channel.
   */
  private void unlock(Fleet fleet, Link link, Set<String> gone) throws InterruptedException {
    gone.removeIf(consumer -> !fleet.names().isWorkerPod(consumer));
    if (gone.isEmpty()) {
      return;
    }
    List<ConsumerGroup> read = fleet.groups().stream().map(DeclaredGroup::group).toList();
    for (String template : lockTemplates(fleet)) {
      CompletableFuture<Long> released = new AbandonedLocks(link, template).release(gone, read);
      try {
        long locks = released.get(SCAN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        LOG.atInfo()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("consumers", gone.size())
            .addKeyValue("locks", locks)
            .log("released the channel locks of pods that are gone");
      } catch (ExecutionException | TimeoutException e) {
        LOG.atWarn()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("failure", Failures.line(e))
            .log("could not release the channel locks of pods that are gone; they will expire");
      } finally {
        // Cancelled at the timeout; the next round tries again.
        released.cancel(true);
      }
    }
  }

  private static Set<String> lockTemplates(Fleet fleet) {
    InboundSpec inbound = fleet.spec().inbound();
    OutboundSpec outbound = fleet.spec().outbound();
    return Stream.of(
            Optional.ofNullable(inbound)
                .filter(it -> it.partitions() == null)
                .map(InboundSpec::ordering),
            Optional.ofNullable(outbound).map(OutboundSpec::ordering))
        .flatMap(Optional::stream)
        .filter(ordering -> ordering.mode() == OrderingMode.Channel)
        .map(OrderingSpec::lockTemplate)
        .collect(Collectors.toSet());
  }

  /** A group that fails does not stop the others; it is tried again in the next round. */
  private DepartureResult outcome(Fleet fleet, Release release) throws InterruptedException {
    try {
      return release.reply().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .addKeyValue("failure", Failures.line(e))
          .log("could not hand over the entries of a pod that is gone; trying again");
      return new DepartureResult(0, false, false);
    } finally {
      // Cancelled at the timeout; the next round tries again.
      release.reply().cancel(true);
    }
  }

  private void report(Fleet fleet, Release release, DepartureResult departed) {
    if (departed.nameGone()) {
      metrics.nameRemoved();
      LOG.atInfo()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .log("removed the consumer of a pod that is gone");
    }
    if (departed.released() > 0) {
      metrics.handedOver(departed.released());
      LOG.atInfo()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .addKeyValue("entries", departed.released())
          .log("made the pending entries of a pod that is gone claimable");
    }
  }
}
