package io.streamfleet.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of objects of which little is asked. Thousands of pods, or all Secrets of
 * a cluster, would not fit into the operator's memory; and contents of Secrets do not belong there.
 */
public final class Pruned<T extends HasMetadata> implements ItemStore<T> {

  private final ConcurrentMap<String, T> items = new ConcurrentHashMap<>();
  private final UnaryOperator<T> cut;

  private Pruned(UnaryOperator<T> cut) {
    this.cut = cut;
  }

  /** Pods: names, labels, deletion, phase, and what containers wait for. */
  public static Pruned<Pod> pods() {
    return new Pruned<>(
        pod ->
            new PodBuilder()
                .withMetadata(metadata(pod.getMetadata()))
                .withStatus(status(pod.getStatus()))
                .build());
  }

  /**
   * Anything, without who owns its fields: that is half of an object, or more, and nobody here
   * asks.
   */
  public static <R extends HasMetadata> Pruned<R> unmanaged() {
    return new Pruned<>(
        object -> {
          object.getMetadata().setManagedFields(List.of());
          return object;
        });
  }

  /** Deployments: of who owns their fields, who owns the number of replicas. */
  public static Pruned<Deployment> deployments() {
    return new Pruned<>(
        deployment -> {
          List<ManagedFieldsEntry> managers = deployment.getMetadata().getManagedFields();
          deployment
              .getMetadata()
              .setManagedFields(managers.stream().filter(Pruned::ownsReplicas).toList());
          return deployment;
        });
  }

  private static boolean ownsReplicas(ManagedFieldsEntry manager) {
    FieldsV1 fields = manager.getFieldsV1();
    return fields != null
        && fields.getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
        && spec.containsKey("f:replicas");
  }

  /** Secrets: that they are there. */
  public static Pruned<Secret> secrets() {
    return new Pruned<>(
        secret -> {
          Secret cut = new Secret();
          cut.setMetadata(metadata(secret.getMetadata()));
          return cut;
        });
  }

  /** ConfigMaps: that they are there. */
  public static Pruned<ConfigMap> configMaps() {
    return new Pruned<>(
        map -> {
          ConfigMap cut = new ConfigMap();
          cut.setMetadata(metadata(map.getMetadata()));
          return cut;
        });
  }

  private static ObjectMeta metadata(ObjectMeta whole) {
    return new ObjectMetaBuilder()
        .withName(whole.getName())
        .withNamespace(whole.getNamespace())
        .withUid(whole.getUid())
        .withResourceVersion(whole.getResourceVersion())
        .withDeletionTimestamp(whole.getDeletionTimestamp())
        .withLabels(whole.getLabels())
        .build();
  }

  private static @Nullable PodStatus status(@Nullable PodStatus whole) {
    return whole == null
        ? null
        : new PodStatusBuilder()
            .withPhase(whole.getPhase())
            .withInitContainerStatuses(whole.getInitContainerStatuses())
            .withContainerStatuses(whole.getContainerStatuses())
            .build();
  }

  @Override
  public String getKey(T item) {
    return Cache.metaNamespaceKeyFunc(item);
  }

  @Override
  public @Nullable T put(String key, T item) {
    return items.put(key, cut.apply(item));
  }

  @Override
  public @Nullable T remove(String key) {
    return items.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public @Nullable T get(String key) {
    return items.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
