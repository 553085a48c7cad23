package io.streamfleet.operator.dependent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.Matcher.Result;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResourceConfigBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.FleetNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One kind of object that a fleet has. It is applied when it does not exist, when somebody else
 * changed it, and when the desired state changed since the last apply. An annotation with a hash of
 * the last applied state shows the latter, since a field that is no longer desired could not be
 * seen otherwise.
 */
abstract class FleetDependent<R extends HasMetadata>
    extends CRUDKubernetesDependentResource<R, StreamConsumerGroup> {

  /** Holds the hash of the last applied state. */
  static final String APPLIED_ANNOTATION = "streamfleet.io/applied";

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  /** Page size of lists: a page is in memory as a whole. */
  private static final long PAGE_SIZE = 100;

  /** The status code for an object that violates validation rules. */
  private static final int INVALID = 422;

  private final OperatorMetrics metrics;

  FleetDependent(Class<R> type, String name, OperatorMetrics metrics) {
    super(type, name);
    this.metrics = metrics;
    configureWith(
        new KubernetesDependentResourceConfigBuilder<R>()
            .withKubernetesDependentInformerConfig(
                InformerConfiguration.builder(type)
                    .withLabelSelector(FleetNames.MANAGED_BY_LABEL + "=" + FleetNames.MANAGED_BY)
                    .withInformerListLimit(PAGE_SIZE)
                    .build())
            .build());
  }

  /** The desired object; called only when the object is wanted. */
  abstract R wanted(ReconcileDecision wanted);

  /** The name of the object. */
  abstract String nameIn(FleetNames names);

  @Override
  protected final R desired(StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    R desired = wanted(ReconcileDecision.of(context));
    String hash = hash(JSON.valueToTree(desired));
    TreeMap<String, String> annotations =
        new TreeMap<>(
            Objects.requireNonNullElseGet(desired.getMetadata().getAnnotations(), TreeMap::new));
    annotations.put(APPLIED_ANNOTATION, hash);
    desired.getMetadata().setAnnotations(annotations);
    return desired;
  }

  @Override
  public Result<R> match(
      R actual, R desired, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return Result.computed(
        Coverage.covers(JSON.valueToTree(actual), JSON.valueToTree(desired)), desired);
  }

  @Override
  public R create(R desired, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    // Informers only see objects with our labels.
    R there = context.getClient().resource(desired).get();
    if (there != null && !isOf(primary, there)) {
      throw new TakenName(there);
    }
    R created = super.create(desired, primary, context);
    metrics.wrote(created);
    return created;
  }

  /**
   * Also ours: an object that lost its labels, or that was left behind when its owner was deleted
   * with orphaning.
   */
  private static boolean isOf(StreamConsumerGroup primary, HasMetadata there) {
    ObjectMeta metadata = there.getMetadata();
    if (!metadata.getOwnerReferences().isEmpty()) {
      return metadata.getOwnerReferences().stream()
          .anyMatch(
              owner ->
                  owner.getKind().equals(primary.getKind())
                      && owner.getName().equals(primary.getMetadata().getName()));
    }
    FleetNames names = new FleetNames(primary.getMetadata().getName());
    return metadata.getLabels() != null
        && metadata.getLabels().entrySet().containsAll(names.labels().entrySet());
  }

  @Override
  public R update(
      R actual, R desired, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    R updated = applied(actual, desired, primary, context);
    metrics.wrote(updated);
    return updated;
  }

  private R applied(
      R actual, R desired, StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    try {
      return super.update(actual, desired, primary, context);
    } catch (KubernetesClientException refused) {
      JsonNode removals = Renumbered.removals(JSON.valueToTree(actual), JSON.valueToTree(desired));
      if (refused.getCode() != INVALID || removals.isEmpty()) {
        throw refused;
      }
      context
          .getClient()
          .resource(actual)
          .patch(PatchContext.of(PatchType.JSON), removals.toString());
      return super.update(actual, desired, primary, context);
    }
  }

  /** Several kinds share one Java class, so each uses its own event source. */
  @Override
  public Optional<R> getSecondaryResource(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return eventSource()
        .flatMap(
            source ->
                selectTargetSecondaryResource(
                    source.getSecondaryResources(primary), primary, context));
  }

  @Override
  protected final ResourceID targetSecondaryResourceID(
      StreamConsumerGroup primary, Context<StreamConsumerGroup> context) {
    return new ResourceID(
        nameIn(new FleetNames(primary.getMetadata().getName())),
        primary.getMetadata().getNamespace());
  }

  /** The desired object has its owner reference already. */
  @Override
  protected boolean addOwnerReference() {
    return false;
  }

  private static String hash(JsonNode tree) {
    try {
      byte[] text =
          JSON.writeValueAsString(JSON.treeToValue(tree, Object.class))
              .getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException | com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("an object can't be hashed", e);
    }
  }
}
