package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.resource.FleetNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The worker pods that the operator sees. */
public final class WorkerPods {

  private static final String NAMES = "names";

  /** After this time a pending pod has a problem; before that it is just starting. */
  private static final Duration PENDING_GRACE = Duration.ofSeconds(15);

  /** Added to a deadline, so that it has passed when the reconcile runs. */
  private static final Duration CLOCK_MARGIN = Duration.ofMillis(100);

  private final InformerEventSource<Pod, StreamConsumerGroup> pods;
  private final IndexerResourceCache<StreamConsumerGroup> primaries;
  private final Clock clock;

  WorkerPods(EventSourceContext<StreamConsumerGroup> context, Clock clock) {
    this.clock = clock;
    primaries = context.getPrimaryCache();
    primaries.addIndexer(NAMES, resource -> List.of(resource.getMetadata().getName()));
    pods = pods(context, primaries);
  }

  private static InformerEventSource<Pod, StreamConsumerGroup> pods(
      EventSourceContext<StreamConsumerGroup> context,
      IndexerResourceCache<StreamConsumerGroup> primaries) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Pod.class, StreamConsumerGroup.class)
            .withName("pods")
            .withLabelSelector(FleetNames.APPLICATION_LABEL + "=" + FleetNames.APPLICATION)
            .withNamespacesInheritedFromController()
            .withInformerListLimit(ClusterView.PAGE)
            // The kubelet updates a pod many times before it runs; the Deployment tells the rest.
            .withOnUpdateFilter((now, before) -> !Excerpt.isSame(now, before))
            .withSecondaryToPrimaryMapper(pod -> owners(pod, primaries))
            .build(),
        context);
  }

  /** A long name is shortened in the label: then all resources of the namespace are searched. */
  private static Set<ResourceID> owners(
      Pod pod, IndexerResourceCache<StreamConsumerGroup> primaries) {
    String namespace = pod.getMetadata().getNamespace();
    String label =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
            .get(FleetNames.GROUP_LABEL);
    if (label == null) {
      return Set.of();
    }
    ResourceID likely = new ResourceID(label, namespace);
    if (primaries.get(likely).isPresent()) {
      return Set.of(likely);
    }
    Set<ResourceID> found =
        primaries
            .list(
                resource ->
                    Objects.equals(resource.getMetadata().getNamespace(), namespace)
                        && new FleetNames(resource.getMetadata().getName())
                            .labelValue()
                            .equals(label))
            .map(ResourceID::fromResource)
            .collect(Collectors.toSet());
    return found.isEmpty() ? Set.of(likely) : found;
  }

  EventSource<?, StreamConsumerGroup> eventSource() {
    return pods;
  }

  /** The pods of a resource's workers now. */
  public List<PodObservation> of(StreamConsumerGroup resource) {
    Instant now = clock.instant();
    return pods.getSecondaryResources(resource).stream()
        .map(pod -> PodObservation.of(pod, now))
        .toList();
  }

  /**
   * The names of the pods. Resources of the same name in several namespaces may share a group, and
   * their consumers can't be told apart in Redis. So this includes the pods of all of them that the
   * operator sees, also those that outlive their deleted resource. Pods that ended while no
   * operator ran are known from the status.
   */
  public PodsByName names(StreamConsumerGroup resource) {
    String namespace = resource.getMetadata().getNamespace();
    Stream<StreamConsumerGroup> namesakes =
        primaries.byIndex(NAMES, resource.getMetadata().getName()).stream()
            .filter(other -> !other.getMetadata().getNamespace().equals(namespace));
    Set<String> living = new HashSet<>();
    Set<String> over = new HashSet<>();
    Stream.concat(Stream.of(resource), namesakes)
        .peek(each -> over.addAll(podsInStatus(each)))
        .flatMap(each -> of(each).stream())
        .forEach(pod -> (pod.over() ? over : living).add(pod.name()));
    return new PodsByName(living, over);
  }

  private static Set<String> podsInStatus(StreamConsumerGroup resource) {
    StreamConsumerGroupStatus status = resource.getStatus();
    return status == null
        ? Set.of()
        : status.consumers().stream()
            .flatMap(consumer -> Stream.ofNullable(consumer.pod()))
            .collect(Collectors.toSet());
  }

  /**
   * The names of the pods that have been pending for longer than a start takes and whose status
   * gives no reason; sorted.
   */
  public List<String> silentlyPending(StreamConsumerGroup resource) {
    Instant before = clock.instant().minus(PENDING_GRACE);
    return pods.getSecondaryResources(resource).stream()
        .filter(pod -> PodObservation.isPending(pod) && PodObservation.isOlder(pod, before))
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** How long until the resource has to be reconciled because of its pods, without any event. */
  public Optional<Duration> nextLook(StreamConsumerGroup resource) {
    return Stream.of(nextEnd(resource), nextLookAtPending(resource))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** How long until a pending pod is checked again; empty if there is none. */
  private Optional<Duration> nextLookAtPending(StreamConsumerGroup resource) {
    return pods.getSecondaryResources(resource).stream().anyMatch(PodObservation::isPending)
        ? Optional.of(PENDING_GRACE)
        : Optional.empty();
  }

  /**
   * How long until the grace period of the next deleted pod is over. If its node is lost, no event
   * tells.
   */
  private Optional<Duration> nextEnd(StreamConsumerGroup resource) {
    Instant now = clock.instant();
    return pods.getSecondaryResources(resource).stream()
        .flatMap(pod -> PodObservation.end(pod).stream())
        .filter(end -> !end.isBefore(now))
        .min(Comparator.naturalOrder())
        .map(end -> Duration.between(now, end).plus(CLOCK_MARGIN));
  }
}
