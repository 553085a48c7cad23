package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.event.ResourceEvent;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The end of a resource with {@code deletionPolicy: Delete}: first the workers, which would make
 * their groups again, then the groups. It takes a bounded time, and a Redis that is gone holds
 * nothing up for longer.
 */
final class Deletion {

  /** Between the workers' own time to drain and their pods being gone: probes, kubelet, API. */
  private static final Duration PODS_LINGER = Duration.ofSeconds(60);

  /** After that Redis has had its chance, and what is left there is told in an Event. */
  private static final Duration PATIENCE_WITH_REDIS = Duration.ofSeconds(30);

  /** Soon enough for a person who waits, seldom enough for the API server. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** An Event has room for a thousand characters. */
  private static final int GROUPS_NAMED = 8;

  private static final String BY_HAND = "Delete them with XGROUP DESTROY if they are not needed";

  private final KubernetesClient client;
  private final Finalizer finalizer;
  private final EventWriter events;
  private final GroupDeletion groups;
  private final Clock clock;

  Deletion(
      KubernetesClient client,
      Finalizer finalizer,
      EventWriter events,
      GroupDeletion groups,
      Clock clock) {
    this.client = client;
    this.finalizer = finalizer;
    this.events = events;
    this.groups = groups;
    this.clock = clock;
  }

  /**
   * Goes on with it.
   *
   * @param fleet absent when the resource can't be read: then there is nothing to be known of its
   *     groups
   * @param deployment as long as there is one
   * @param podsLeft whether there is a pod of it
   * @param declarers which other resources have a group of that name
   * @return when to be called again; empty once the resource is free to go
   */
  Optional<Duration> proceed(
      StreamConsumerGroup resource,
      @Nullable Fleet fleet,
      Optional<Deployment> deployment,
      boolean podsLeft,
      Function<ConsumerGroup, List<FleetId>> declarers)
      throws InterruptedException {
    if (fleet == null) {
      keep(resource, seenLast(resource), "the spec can't be read. " + BY_HAND);
      finalizer.remove(resource);
      return Optional.empty();
    }
    Duration since = Duration.between(asked(resource), clock.instant());
    Duration patienceWithPods = fleet.spec().workers().drainTimeout().plus(PODS_LINGER);
    boolean workersLeft = deployment.isPresent() || podsLeft;
    if (workersLeft && since.compareTo(patienceWithPods) < 0) {
      deployment.filter(it -> !it.isMarkedForDeletion()).ifPresent(this::remove);
      return Optional.of(LOOK_AGAIN);
    }
    GroupDeletion.Result result = groups.delete(fleet, declarers);
    if (!result.unsettled().isEmpty()
        && since.compareTo(patienceWithPods.plus(PATIENCE_WITH_REDIS)) < 0) {
      return Optional.of(LOOK_AGAIN);
    }
    tell(resource, result);
    finalizer.remove(resource);
    return Optional.empty();
  }

  /** Its pods go with it: nothing is asked for them. */
  private void remove(Deployment deployment) {
    client
        .apps()
        .deployments()
        .inNamespace(deployment.getMetadata().getNamespace())
        .withName(deployment.getMetadata().getName())
        .delete();
  }

  private void tell(StreamConsumerGroup resource, GroupDeletion.Result result) {
    if (!result.deleted().isEmpty()) {
      events.tell(
          resource,
          ResourceEvent.normal(
              Reason.GroupsDeleted, "deleted: " + named(result.deleted()) + ". Streams stay"));
    }
    byReason(result.kept())
        .forEach(
            (why, kept) ->
                keep(resource, named(kept), why + ". Whoever uses it last may delete it"));
    byReason(result.unsettled())
        .forEach((why, kept) -> keep(resource, named(kept), why + ". " + BY_HAND));
  }

  /** One Event for what has one reason: a resource may have a hundred groups. */
  private static Map<String, List<ConsumerGroup>> byReason(Map<ConsumerGroup, String> kept) {
    Map<String, List<ConsumerGroup>> reasons = new LinkedHashMap<>();
    kept.forEach(
        (group, why) -> reasons.computeIfAbsent(why, each -> new ArrayList<>()).add(group));
    return reasons;
  }

  private static String named(List<ConsumerGroup> groups) {
    String named =
        groups.stream()
            .limit(GROUPS_NAMED)
            .map(group -> "%s of stream %s".formatted(group.group(), group.stream()))
            .collect(Collectors.joining(", "));
    int more = groups.size() - GROUPS_NAMED;
    return (groups.size() == 1 ? "consumer group " : "consumer groups ")
        + named
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private void keep(StreamConsumerGroup resource, String groups, String why) {
    events.tell(
        resource, ResourceEvent.warning(Reason.GroupsKept, "not deleted: " + groups + ": " + why));
  }

  /** Those that the last report on it named: a spec that can't be read names none. */
  private static String seenLast(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus status = resource.getStatus();
    return status == null || status.streams().isEmpty()
        ? "the consumer groups of this resource"
        : named(
            status.streams().stream()
                .map(it -> new ConsumerGroup(it.stream(), it.group()))
                .toList());
  }

  private Instant asked(StreamConsumerGroup resource) {
    try {
      return Instant.parse(resource.getMetadata().getDeletionTimestamp());
    } catch (DateTimeParseException e) {
      return clock.instant();
    }
  }
}
