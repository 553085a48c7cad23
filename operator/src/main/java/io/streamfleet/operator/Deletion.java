package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.event.Announcement;
import io.streamfleet.operator.event.Announcement.Reason;
import io.streamfleet.operator.event.Announcer;
import io.streamfleet.operator.redis.GroupRemoval;
import io.streamfleet.operator.resource.DeclaredGroup;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private final KubernetesClient client;
  private final Finalizer finalizer;
  private final Announcer announcer;
  private final Duration redisTimeout;
  private final Clock clock;

  Deletion(
      KubernetesClient client,
      Finalizer finalizer,
      Announcer announcer,
      Duration redisTimeout,
      Clock clock) {
    this.client = client;
    this.finalizer = finalizer;
    this.announcer = announcer;
    this.redisTimeout = redisTimeout;
    this.clock = clock;
  }

  /**
   * Goes on with it.
   *
   * @param fleet absent when the resource can't be read: then there is nothing to be known of its
   *     groups
   * @param deployment as long as there is one
   * @param podsLeft whether there is a pod of it
   * @return when to be called again; empty once the resource is free to go
   */
  Optional<Duration> proceed(
      StreamConsumerGroup resource,
      @Nullable Fleet fleet,
      Optional<Deployment> deployment,
      boolean podsLeft,
      Optional<Link> link)
      throws InterruptedException {
    if (fleet == null) {
      keep(resource, "the spec can't be read, so nobody knows which they are");
      return Optional.empty();
    }
    Duration since = Duration.between(asked(resource), clock.instant());
    Duration patienceWithPods = fleet.spec().workers().drainTimeout().plus(PODS_LINGER);
    boolean workersLeft = deployment.isPresent() || podsLeft;
    if (workersLeft && since.compareTo(patienceWithPods) < 0) {
      deployment.filter(it -> !it.isMarkedForDeletion()).ifPresent(this::remove);
      return Optional.of(LOOK_AGAIN);
    }
    String failure = "Redis can't be reached";
    if (link.isPresent()) {
      try {
        removeGroups(fleet, link.get());
        announcer.tell(
            resource,
            Announcement.normal(Reason.GroupsDeleted, "the consumer groups were deleted"));
        finalizer.remove(resource);
        return Optional.empty();
      } catch (ExecutionException | TimeoutException e) {
        failure = Failures.line(e);
      }
    }
    if (since.compareTo(patienceWithPods.plus(PATIENCE_WITH_REDIS)) < 0) {
      return Optional.of(LOOK_AGAIN);
    }
    keep(resource, failure);
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

  private void removeGroups(Fleet fleet, Link link)
      throws ExecutionException, InterruptedException, TimeoutException {
    GroupRemoval removal = new GroupRemoval(link);
    for (DeclaredGroup declared : fleet.groups()) {
      removal.remove(declared.group()).get(redisTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void keep(StreamConsumerGroup resource, String why) {
    announcer.tell(
        resource,
        Announcement.warning(
            Reason.GroupsKept,
            "the consumer groups were not deleted: "
                + why
                + ". Delete them with XGROUP DESTROY if they are not needed"));
    finalizer.remove(resource);
  }

  private Instant asked(StreamConsumerGroup resource) {
    try {
      return Instant.parse(resource.getMetadata().getDeletionTimestamp());
    } catch (DateTimeParseException e) {
      return clock.instant();
    }
  }
}
