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

/** The pods of the workers, as the operator sees them. */
public final class WorkerPods {

  private static final String NAMES = "names";

  /** A pod that waits for longer may be asked why; one that only starts says nothing of worth. */
  private static final Duration A_START = Duration.ofSeconds(15);

  /** So that the time is over when it is looked at. */
  private static final Duration A_MOMENT = Duration.ofMillis(100);

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
            // The kubelet says much of a pod before it runs, and the Deployment says the rest.
            .withOnUpdateFilter((now, before) -> !Excerpt.isSame(now, before))
            .withSecondaryToPrimaryMapper(pod -> owners(pod, primaries))
            .build(),
        context);
  }

  /** A name that does not fit into a label is looked for among all. */
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

  /** The pods of a resource's workers, as of now. */
  public List<PodObservation> of(StreamConsumerGroup resource) {
    Instant now = clock.instant();
    return pods.getSecondaryResources(resource).stream()
        .map(pod -> PodObservation.of(pod, now))
        .toList();
  }

  /**
   * The names of the pods. Resources of one name in several namespaces may share a group, and their
   * pods are told apart by nothing in Redis: so all are told that the operator sees; and those of a
   * resource that is gone, which end after it. Those that went while no operator was there are told
   * by the status that the last one wrote.
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
   * The names of the pods that have been waiting for longer than a start takes, without anybody's
   * word for what; sorted.
   */
  public List<String> silentlyPending(StreamConsumerGroup resource) {
    Instant before = clock.instant().minus(A_START);
    return pods.getSecondaryResources(resource).stream()
        .filter(pod -> PodObservation.isPending(pod) && PodObservation.isOlder(pod, before))
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  /**
   * How long until it is worth a look at a resource's pods, whatever is told of them until then.
   */
  public Optional<Duration> nextLook(StreamConsumerGroup resource) {
    return Stream.of(nextEnd(resource), nextLookAtPending(resource))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** How long until it is worth a look whether a pod still waits; empty while none does. */
  private Optional<Duration> nextLookAtPending(StreamConsumerGroup resource) {
    return pods.getSecondaryResources(resource).stream().anyMatch(PodObservation::isPending)
        ? Optional.of(A_START)
        : Optional.empty();
  }

  /**
   * How long until the next of a resource's pods has to have ended: nothing tells when that time is
   * over, if its node is lost.
   */
  private Optional<Duration> nextEnd(StreamConsumerGroup resource) {
    Instant now = clock.instant();
    return pods.getSecondaryResources(resource).stream()
        .flatMap(pod -> PodObservation.end(pod).stream())
        .filter(end -> !end.isBefore(now))
        .min(Comparator.naturalOrder())
        .map(end -> Duration.between(now, end).plus(A_MOMENT));
  }
}
