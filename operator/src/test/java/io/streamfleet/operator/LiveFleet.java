package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.streamfleet.api.Condition;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A resource on a cluster, and what the operator has made of it. */
record LiveFleet(TestCluster cluster, String namespace, String name) {

  /** Ample: a real cluster pulls an image meanwhile, and a build machine is shared. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Applies it with this beside Redis and a stream of its own; what is left out goes. */
  void apply(String more) {
    applyWhole(
        cluster.redisUrl(),
        """
        inbound: {streams: ["%s:in"], group: workers, handler: {builtin: Discard}}
        """
                .formatted(name)
            + more);
  }

  /** Applies it with this as its spec, beside the url of Redis. */
  void applyWhole(String url, String spec) {
    applySpec("redis: {url: \"%s\"}\n%s".formatted(url, spec));
  }

  /** Applies it with this as its whole spec. */
  void applySpec(String spec) {
    cluster
        .client()
        .resource(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: %s, namespace: %s}
            spec:
            """
                    .formatted(name, namespace)
                + spec.indent(2))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }

  /** Has it reconciled, without a change that matters. */
  void touch() {
    change(
        deployment(),
        it -> it.getMetadata().getAnnotations().put("test/touched", UUID.randomUUID().toString()));
  }

  /**
   * Changes what somebody else may write at the same time, as controllers do: on a conflict it is
   * read and changed again.
   */
  static <T extends HasMetadata> void change(Resource<T> resource, Consumer<T> change) {
    eventually(
        () ->
            resource.edit(
                it -> {
                  change.accept(it);
                  return it;
                }));
  }

  Resource<StreamConsumerGroup> resource() {
    return cluster
        .client()
        .resources(StreamConsumerGroup.class)
        .inNamespace(namespace)
        .withName(name);
  }

  StreamConsumerGroup now() {
    return Objects.requireNonNull(resource().get(), name);
  }

  StreamConsumerGroupStatus status() {
    return Objects.requireNonNull(now().getStatus(), "status of " + name);
  }

  RollableScalableResource<Deployment> deployment() {
    return cluster.client().apps().deployments().inNamespace(namespace).withName(name + "-worker");
  }

  Resource<ConfigMap> configMap() {
    return cluster.client().configMaps().inNamespace(namespace).withName(name + "-config");
  }

  Resource<Service> service() {
    return cluster.client().services().inNamespace(namespace).withName(name + "-worker");
  }

  Resource<PodDisruptionBudget> budget() {
    return cluster
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace)
        .withName(name + "-worker");
  }

  /** The pods, those that are about to end left out. */
  List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("streamfleet.io/group", name)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  Set<String> podNames() {
    return pods().stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
  }

  /** Events about it with this reason. */
  List<Event> events(String reason) {
    return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getReason().equals(reason))
        .toList();
  }

  /** {@code True/AllAvailable}, or nothing while there is no such condition. */
  String condition(String type) {
    return find(type).map(it -> it.status() + "/" + it.reason()).orElse("");
  }

  String message(String type) {
    return find(type).map(Condition::message).orElse("");
  }

  private Optional<Condition> find(String type) {
    return Optional.ofNullable(resource().get())
        .map(StreamConsumerGroup::getStatus)
        .flatMap(
            status ->
                status.conditions().stream().filter(it -> it.type().equals(type)).findFirst());
  }

  /** What XINFO GROUPS says of its group, by the names of fields; nothing if there is none. */
  Map<String, String> group() {
    String stream = name + ":in";
    if (cluster.redis().exists(stream) == 0) {
      return Map.of();
    }
    return cluster.redis().xinfoGroups(stream).stream()
        .map(group -> fields((List<?>) group))
        .filter(group -> "workers".equals(group.get("name")))
        .findFirst()
        .orElse(Map.of());
  }

  private static Map<String, String> fields(List<?> flat) {
    Map<String, String> fields = new java.util.TreeMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      fields.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
    }
    return fields;
  }

  /** Waits until a condition says this. */
  LiveFleet becomes(String type, String said) {
    eventually(() -> assertThat(condition(type)).as(message(type)).isEqualTo(said));
    return this;
  }

  /** Waits until it is ready in its newest version. */
  LiveFleet becomesReady() {
    eventually(
        () -> {
          assertThat(condition("Ready")).as(message("Ready")).isEqualTo("True/AllAvailable");
          assertThat(status().observedGeneration()).isEqualTo(now().getMetadata().getGeneration());
        });
    return this;
  }

  /** Waits until something holds. */
  static void eventually(ThrowingCallable holds) {
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(holds::call);
  }
}
