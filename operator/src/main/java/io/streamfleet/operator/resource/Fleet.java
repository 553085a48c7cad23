package io.streamfleet.operator.resource;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.streamfleet.api.DeletionPolicy;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.Violation;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A valid StreamConsumerGroup with its defaults, as the operator uses it. Created for each
 * reconcile.
 *
 * @param uid of this resource; one that was created again under its name has another
 * @param generation the version of the spec
 */
public record Fleet(
    String namespace, String name, String uid, long generation, StreamConsumerGroupSpec spec) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a resource by the schema of this release, whatever schema the API server has.
   *
   * @throws InvalidManifest with all violations: the server may have an older CRD, or none of the
   *     rules
   */
  public static Fleet of(StreamConsumerGroup resource) {
    StreamConsumerGroupSpec spec = resource.getSpec();
    if (spec != null) {
      return of(resource, Manifest.defaulted(JSON.valueToTree(spec)));
    }
    return of(
        resource,
        Manifest.defaulted(
            ServedSpec.unread(resource)
                .orElseThrow(
                    () ->
                        new InvalidManifest(
                            List.of(new Violation("spec", "must be set, to a mapping"))))));
  }

  /**
   * Whether the operator has to leave the resource alone; also works if the spec is otherwise
   * invalid.
   */
  public static boolean isPaused(StreamConsumerGroup resource) {
    StreamConsumerGroupSpec spec = resource.getSpec();
    return spec != null
        ? spec.paused()
        : ServedSpec.unread(resource).map(it -> it.path("paused").asBoolean()).orElse(false);
  }

  /**
   * What happens to the groups when the resource is deleted; also works if the spec is otherwise
   * invalid. Empty if it can't be read.
   */
  public static Optional<DeletionPolicy> deletionPolicy(StreamConsumerGroup resource) {
    StreamConsumerGroupSpec spec = resource.getSpec();
    if (spec != null) {
      return Optional.of(spec.deletionPolicy());
    }
    return ServedSpec.unread(resource)
        .flatMap(
            unread ->
                Arrays.stream(DeletionPolicy.values())
                    .filter(it -> it.name().equals(unread.path("deletionPolicy").asText()))
                    .findFirst());
  }

  /** The resource with another spec. */
  public static Fleet of(StreamConsumerGroup resource, StreamConsumerGroupSpec spec) {
    ObjectMeta metadata = resource.getMetadata();
    Long generation = metadata.getGeneration();
    return new Fleet(
        metadata.getNamespace(),
        metadata.getName(),
        Objects.requireNonNullElse(metadata.getUid(), ""),
        generation == null ? 0 : generation,
        spec);
  }

  /** Identifies the resource. */
  public FleetId id() {
    return new FleetId(namespace, name);
  }

  /** The names and labels of this fleet's objects. */
  public FleetNames names() {
    return new FleetNames(name);
  }

  /** Makes an object owned by this fleet: Kubernetes deletes it with the fleet. */
  public OwnerReference ownerReference() {
    return new OwnerReferenceBuilder()
        .withApiVersion(Manifest.GROUP + "/" + Manifest.VERSION)
        .withKind(Manifest.KIND)
        .withName(name)
        .withUid(uid)
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** The groups that this fleet reads, inbound before outbound, in the order of the spec. */
  public List<DeclaredGroup> groups() {
    List<DeclaredGroup> groups = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      for (String stream : inbound.groupStreams()) {
        groups.add(
            new DeclaredGroup(
                StreamDirection.INBOUND,
                new ConsumerGroup(stream, inbound.group()),
                inbound.startFrom(),
                inbound.paused()));
      }
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      for (String platform : outbound.platforms()) {
        groups.add(
            new DeclaredGroup(
                StreamDirection.OUTBOUND,
                new ConsumerGroup(outbound.streamOf(platform), outbound.groupOf(platform)),
                outbound.startFrom(),
                outbound.isPaused(platform)));
      }
    }
    return List.copyOf(groups);
  }

  /** Those of its groups whose streams have partitions. */
  public List<PartitionedGroup> partitioned() {
    InboundSpec inbound = spec.inbound();
    return inbound == null || inbound.partitions() == null
        ? List.of()
        : List.of(
            new PartitionedGroup(
                new ConsumerGroup(inbound.streams().getFirst(), inbound.group()),
                inbound.readStreams()));
  }

  /**
   * The names of the loops of its workers: {@code inbound}, and {@code outbound-} and a platform.
   */
  public List<String> loops() {
    List<String> loops = new ArrayList<>();
    if (spec.inbound() != null) {
      loops.add("inbound");
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      outbound.platforms().forEach(platform -> loops.add("outbound-" + platform));
    }
    return loops;
  }

  /** What is paused, in terms of the spec; empty if nothing is. */
  public Optional<String> paused() {
    List<String> paused = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null && inbound.paused()) {
      paused.add("inbound");
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null && outbound.paused()) {
      paused.add("outbound");
    } else if (outbound != null) {
      paused.addAll(outbound.pausedPlatforms());
    }
    return paused.isEmpty() ? Optional.empty() : Optional.of(String.join(",", paused));
  }

  /** The stream for this fleet's dead letters. */
  public String deadLetterStream() {
    return spec.deadLetter().stream();
  }
}
