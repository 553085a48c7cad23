package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetNames;
import io.streamfleet.operator.resource.Reference;
import io.streamfleet.operator.resource.References;
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

/**
 * What the operator sees of the cluster beside what it makes itself: the pods of the workers, and
 * whether the Secrets and ConfigMaps are there that resources name.
 */
public final class ClusterView {

  /**
   * Objects in one page of a list: it is in memory as a whole, and a Secret may have a megabyte.
   */
  private static final long PAGE = 50;

  private static final String REFERENCES = "references";
  private static final String NAMES = "names";

  /** A pod that waits for longer may be asked why; one that only starts says nothing of worth. */
  private static final Duration A_START = Duration.ofSeconds(15);

  /** So that the time is over when it is looked at. */
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  private final InformerEventSource<Pod, StreamConsumerGroup> pods;
  private final InformerEventSource<Secret, StreamConsumerGroup> secrets;
  private final InformerEventSource<ConfigMap, StreamConsumerGroup> configMaps;
  private final IndexerResourceCache<StreamConsumerGroup> primaries;
  private final Successors successors;
  private final GroupDeclarations declarations;
  private final Clock clock;

  public ClusterView(EventSourceContext<StreamConsumerGroup> context, Clock clock) {
    this.clock = clock;
    primaries = context.getPrimaryCache();
    successors = new Successors(primaries);
    primaries.addIndexer(NAMES, resource -> List.of(resource.getMetadata().getName()));
    declarations = new GroupDeclarations(primaries);
    primaries.addIndexer(
        REFERENCES, resource -> references(resource).map(ref -> key(resource, ref)).toList());
    pods = pods(context, primaries);
    secrets =
        referenced(
            Secret.class,
            Reference.Kind.SECRET,
            context,
            primaries,
            // Helm keeps its releases there, of up to a megabyte each.
            new FieldSelector(new FieldSelector.Field("type", "helm.sh/release.v1", true)));
    configMaps =
        referenced(
            ConfigMap.class, Reference.Kind.CONFIG_MAP, context, primaries, new FieldSelector());
  }

  private static InformerEventSource<Pod, StreamConsumerGroup> pods(
      EventSourceContext<StreamConsumerGroup> context,
      IndexerResourceCache<StreamConsumerGroup> primaries) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Pod.class, StreamConsumerGroup.class)
            .withName("pods")
            .withLabelSelector(FleetNames.APPLICATION_LABEL + "=" + FleetNames.APPLICATION)
            .withNamespacesInheritedFromController()
            .withInformerListLimit(PAGE)
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

  private static <R extends HasMetadata> InformerEventSource<R, StreamConsumerGroup> referenced(
      Class<R> type,
      Reference.Kind kind,
      EventSourceContext<StreamConsumerGroup> context,
      IndexerResourceCache<StreamConsumerGroup> primaries,
      FieldSelector fields) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, StreamConsumerGroup.class)
            .withName("referenced-" + kind)
            .withNamespacesInheritedFromController()
            .withInformerListLimit(PAGE)
            .withFieldSelector(fields)
            .withSecondaryToPrimaryMapper(
                object ->
                    primaries
                        .byIndex(
                            REFERENCES,
                            key(
                                kind,
                                object.getMetadata().getNamespace(),
                                object.getMetadata().getName()))
                        .stream()
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
            .<StreamConsumerGroup>withPrimaryToSecondaryMapper(
                resource ->
                    references(resource)
                        .filter(reference -> reference.kind() == kind)
                        .map(
                            reference ->
                                new ResourceID(
                                    reference.name(), resource.getMetadata().getNamespace()))
                        .collect(Collectors.toSet()))
            .build(),
        context);
  }

  /** A resource that can't be read refers to nothing. */
  private static Stream<Reference> references(StreamConsumerGroup resource) {
    try {
      return References.of(Fleet.of(resource)).stream();
    } catch (InvalidManifest e) {
      return Stream.empty();
    }
  }

  private static String key(StreamConsumerGroup resource, Reference reference) {
    return key(reference.kind(), resource.getMetadata().getNamespace(), reference.name());
  }

  private static String key(Reference.Kind kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  public List<EventSource<?, StreamConsumerGroup>> eventSources() {
    return List.of(pods, secrets, configMaps, successors);
  }

  /** Sees to those that were deleted and made anew. */
  public Successors successors() {
    return successors;
  }

  /** The pods of a resource's workers, as of now. */
  public List<PodObservation> pods(StreamConsumerGroup resource) {
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
  public PodsByName podNames(StreamConsumerGroup resource) {
    String namespace = resource.getMetadata().getNamespace();
    Stream<StreamConsumerGroup> namesakes =
        primaries.byIndex(NAMES, resource.getMetadata().getName()).stream()
            .filter(other -> !other.getMetadata().getNamespace().equals(namespace));
    Set<String> living = new HashSet<>();
    Set<String> over = new HashSet<>();
    Stream.concat(Stream.of(resource), namesakes)
        .peek(each -> over.addAll(podsInStatus(each)))
        .flatMap(each -> pods(each).stream())
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

  /** How long until it is worth a look whether a pod still waits; empty while none does. */
  public Optional<Duration> nextLookAtPending(StreamConsumerGroup resource) {
    return pods.getSecondaryResources(resource).stream().anyMatch(PodObservation::isPending)
        ? Optional.of(A_START)
        : Optional.empty();
  }

  /** Whether a resource is there no more, nor another one of its name that would be known by it. */
  public boolean isGone(StreamConsumerGroup resource) {
    return primaries
        .get(ResourceID.fromResource(resource))
        .map(
            known -> !Objects.equals(known.getMetadata().getUid(), resource.getMetadata().getUid()))
        .orElse(true);
  }

  /**
   * How long until the next of a resource's pods has to have ended: nothing tells when that time is
   * over, if its node is lost.
   */
  public Optional<Duration> nextEnd(StreamConsumerGroup resource) {
    Instant now = clock.instant();
    return pods.getSecondaryResources(resource).stream()
        .flatMap(pod -> PodObservation.end(pod).stream())
        .filter(end -> !end.isBefore(now))
        .min(Comparator.naturalOrder())
        .map(end -> Duration.between(now, end).plus(A_MOMENT));
  }

  /** Which resources declare which groups. */
  public GroupDeclarations declarations() {
    return declarations;
  }

  /** What a resource names and the cluster does not have; what is optional is not missed. */
  public List<Reference> missing(Fleet fleet) {
    return References.of(fleet).stream()
        .filter(reference -> !reference.optional())
        .filter(reference -> !exists(fleet.namespace(), reference))
        .toList();
  }

  private boolean exists(String namespace, Reference reference) {
    ResourceID id = new ResourceID(reference.name(), namespace);
    return switch (reference.kind()) {
      case SECRET -> secrets.get(id).isPresent();
      case CONFIG_MAP -> configMaps.get(id).isPresent();
    };
  }
}
