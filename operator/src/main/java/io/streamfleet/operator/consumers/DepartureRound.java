package io.streamfleet.operator.consumers;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.AbandonedLocks;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.Departed;
import io.streamfleet.redis.group.Departure;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the names of a resource's groups, and what follows from it: entries handed over,
 * locks released, names removed. The thread that calls it waits for Redis.
 */
final class DepartureRound {

  private static final Logger LOG = LoggerFactory.getLogger(DepartureRound.class);

  /** Ten million keys; beyond, the locks expire about as soon. */
  private static final Duration PATIENCE_WITH_A_SCAN = Duration.ofSeconds(15);

  private final Duration timeout;
  private final OperatorMetrics metrics;
  private final ConsumerNames.Audience audience;

  DepartureRound(Duration timeout, OperatorMetrics metrics, ConsumerNames.Audience audience) {
    this.timeout = timeout;
    this.metrics = metrics;
    this.audience = audience;
  }

  /** What a round came to: how many names are left, and of them those of the living. */
  record Left(int names, boolean someAlive) {

    static final Left NONE = new Left(0, false);

    Left and(Departed departed) {
      return departed.nameGone() ? this : new Left(names + 1, someAlive || departed.alive());
    }
  }

  /**
   * Goes through the names of a resource's groups once.
   *
   * @param livingPods the names of the pods that are there, as of when it is asked
   * @throws ExecutionException when Redis refused to be looked at, or can't be reached
   * @throws TimeoutException when Redis did not answer in time
   */
  Left see(Fleet fleet, Supplier<Set<String>> livingPods, Link link)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<ObservedGroup> groups =
        new GroupInspection(link)
            .look(
                fleet.groups().stream().map(DeclaredGroup::group).toList(),
                GroupInspection.Consumers.ALL,
                List.of())
            .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .groups();
    // The names before the pods: whose name was there had its pod before, so a new one is known.
    GoneNames gone = new GoneNames(fleet, livingPods.get());
    Departure departure =
        new Departure(link, NoticeChannels.of(link, fleet.spec().control().noticePrefix()));
    List<Release> releases = new ArrayList<>();
    for (ObservedGroup group : groups) {
      for (ObservedConsumer consumer : group.consumers()) {
        if (gone.isGone(consumer)) {
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
    return told(fleet, link, releases);
  }

  /** All are on their way at once: a node that is lost takes many pods with it. */
  private record Release(ConsumerGroup group, String consumer, CompletableFuture<Departed> reply) {}

  /** Nobody is told before the last entry is free: telling may take its time. */
  private Left told(Fleet fleet, Link link, List<Release> releases) throws InterruptedException {
    Left left = Left.NONE;
    Set<String> gone = new HashSet<>();
    for (Release release : releases) {
      Departed departed = outcome(fleet, release);
      left = left.and(departed);
      if (!departed.alive() && (departed.released() > 0 || departed.nameGone())) {
        gone.add(release.consumer());
      }
    }
    unlock(fleet, link, gone);
    for (Release release : releases) {
      if (release.reply().isDone() && !release.reply().isCompletedExceptionally()) {
        report(fleet, release, release.reply().join());
      }
    }
    return left;
  }

  /** What is free to be claimed is of no use while its channel is locked by who is gone. */
  private void unlock(Fleet fleet, Link link, Set<String> gone) throws InterruptedException {
    gone.removeIf(consumer -> !fleet.names().isWorkerPod(consumer));
    if (gone.isEmpty()) {
      return;
    }
    for (String template : lockTemplates(fleet)) {
      try {
        long locks =
            new AbandonedLocks(link, template)
                .release(gone)
                .get(PATIENCE_WITH_A_SCAN.toMillis(), TimeUnit.MILLISECONDS);
        LOG.atInfo()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("consumers", gone.size())
            .addKeyValue("locks", locks)
            .log("the locks of pods that are gone were released");
      } catch (ExecutionException | TimeoutException e) {
        LOG.atWarn()
            .addKeyValue("resource", fleet.id())
            .addKeyValue("failure", Failures.line(e))
            .log("the locks of pods that are gone were not released; they expire by themselves");
      }
    }
  }

  private static Set<String> lockTemplates(Fleet fleet) {
    InboundSpec inbound = fleet.spec().inbound();
    OutboundSpec outbound = fleet.spec().outbound();
    return Stream.of(
            Optional.ofNullable(inbound).map(InboundSpec::ordering),
            Optional.ofNullable(outbound).map(OutboundSpec::ordering))
        .flatMap(Optional::stream)
        .filter(ordering -> ordering.mode() == OrderingMode.Channel)
        .map(OrderingSpec::lockTemplate)
        .collect(Collectors.toSet());
  }

  /** One group that can't be asked holds nobody else up; its names are tried again. */
  private Departed outcome(Fleet fleet, Release release) throws InterruptedException {
    try {
      return release.reply().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .addKeyValue("failure", Failures.line(e))
          .log("the entries of a pod that is gone could not be handed over; trying again");
      return new Departed(0, false, false);
    }
  }

  private void report(Fleet fleet, Release release, Departed departed) {
    if (departed.nameGone()) {
      metrics.nameRemoved();
      LOG.atInfo()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("stream", release.group().stream())
          .addKeyValue("consumer", release.consumer())
          .log("the name of a pod that is gone was removed");
    }
    if (departed.released() > 0) {
      metrics.handedOver(departed.released());
      audience.handedOver(fleet, release.group(), release.consumer(), departed.released());
    }
  }
}
