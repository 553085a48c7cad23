package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.streamfleet.operator.consumers.WorkerDouble;
import io.streamfleet.operator.resource.FleetNames;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** However a pod goes, what was pending for it is free within five seconds. */
class GonePodsTest {

  /** A pod on a node that nobody hears of: no kubelet here takes it. */
  private static final String LOST = "chat-worker-7d9f8b6c5d-x2x4z";

  private static final String FLEET =
      "inbound: {handler: {builtin: Discard}}\nworkers: {replicas: 2}\n";

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  @AutoClose
  private final WorkerDouble workers =
      new WorkerDouble(cluster.redisServer().url(), "sg:stream:inbound", "sg:workers");

  private static ConditionFactory withinFiveSeconds() {
    return await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(50));
  }

  private StreamfleetOperator startedWithAFleet() {
    StreamfleetOperator operator = cluster.operator();
    cluster.apply("chat", FLEET);
    awaitReady();
    return operator;
  }

  private void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.condition("chat", "Ready").equals("True/AllAvailable"));
  }

  private List<String> pods() {
    return cluster.client().pods().inNamespace(EmbeddedCluster.NAMESPACE).list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private Pod lostPod(String namespace) {
    return cluster
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(LOST)
                .withNamespace(namespace)
                .withLabels(new FleetNames("chat").labels())
                .endMetadata()
                .withNewSpec()
                .withNodeName("lost")
                .addNewContainer()
                .withName("worker")
                .withImage("worker")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private void delete(String pod) {
    cluster.client().pods().inNamespace(EmbeddedCluster.NAMESPACE).withName(pod).delete();
  }

  @Test
  void aPodThatWasDeleted() {
    startedWithAFleet();
    String pod = pods().getFirst();
    workers.takes(pod, 3);

    delete(pod);

    withinFiveSeconds().until(() -> workers.isFree(pod));
    assertThat(workers.pendingOf(pod)).hasSize(3).allMatch(it -> it.getRedeliveryCount() == 1);
    workers.sweeps(pods().getFirst());
    withinFiveSeconds().until(() -> !workers.names().contains(pod));
  }

  @Test
  void aPodThatWasEvicted() {
    Pod pod = lostPod(EmbeddedCluster.NAMESPACE);
    startedWithAFleet();
    workers.takes(LOST, 1);
    pod.setStatus(new PodStatusBuilder().withPhase("Failed").withReason("Evicted").build());

    cluster.client().resource(pod).patchStatus();

    withinFiveSeconds().until(() -> workers.isFree(LOST));
  }

  @Test
  void aPodWhoseNodeIsLostOnceItsTimeToEndIsOver() {
    lostPod(EmbeddedCluster.NAMESPACE);
    startedWithAFleet();
    workers.takes(LOST, 1);

    cluster
        .client()
        .pods()
        .inNamespace(EmbeddedCluster.NAMESPACE)
        .withName(LOST)
        .withGracePeriod(4)
        .delete();

    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(3))
        .until(() -> !workers.isFree(LOST));
    await().atMost(Duration.ofSeconds(8)).until(() -> workers.isFree(LOST));
    assertThat(pods()).contains(LOST);
  }

  @Test
  void aPodThatWentWhileTheOperatorWasAway() {
    StreamfleetOperator operator = startedWithAFleet();
    String pod = pods().getFirst();
    workers.takes(pod, 2);
    operator.close();

    delete(pod);
    assertThat(workers.isFree(pod)).isFalse();
    cluster.operator();

    await().atMost(Duration.ofSeconds(30)).until(() -> workers.isFree(pod));
  }

  @Test
  void podsOfAScaleDownAndOfAnOldVersion() {
    startedWithAFleet();
    List<String> old = pods();
    old.forEach(pod -> workers.takes(pod, 2));

    cluster.apply(
        "chat",
        "inbound: {handler: {builtin: Discard}}\nread: {batchSize: 7}\nworkers: {replicas: 1}\n");

    await().atMost(Duration.ofSeconds(20)).until(() -> old.stream().allMatch(workers::isFree));
    awaitReady();
    assertThat(workers.sweeps(pods().getFirst())).isEqualTo(4);
    withinFiveSeconds().until(() -> workers.names().stream().noneMatch(old::contains));
  }

  @Test
  void aRedisThatWasAwayMeanwhile() {
    startedWithAFleet();
    String pod = pods().getFirst();
    workers.takes(pod, 1);
    cluster.redisServer().pause();

    delete(pod);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> cluster.condition("chat", "RedisReachable").startsWith("False"));
    cluster.redisServer().resume();
    await().atMost(Duration.ofSeconds(10)).until(() -> workers.isFree(pod));
  }

  @Test
  void notAPodOfAnyOfSeveralNamespacesThatAreWatched() {
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName("other").endMetadata().build())
        .create();
    cluster.operator("STREAMFLEET_NAMESPACES", "default,other");
    cluster.apply("chat", FLEET);
    awaitReady();
    List<String> alive = pods();
    alive.forEach(pod -> workers.takes(pod, 1));
    delete(alive.getFirst());

    withinFiveSeconds().until(() -> workers.isFree(alive.getFirst()));
    assertThat(workers.isFree(alive.getLast())).isFalse();
  }

  @Test
  void notAPodOfTheSameNameInAnotherNamespace() {
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName("other").endMetadata().build())
        .create();
    startedWithAFleet();
    cluster
        .client()
        .resource(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: chat, namespace: other}
            spec:
              redis: {url: "%s"}
              inbound: {handler: {builtin: Discard}}
              workers: {replicas: 0}
            """
                .formatted(cluster.redisServer().url()))
        .create();
    lostPod("other");
    workers.takes(LOST, 1);
    String gone = pods().getFirst();
    workers.takes(gone, 1);

    delete(gone);

    withinFiveSeconds().until(() -> workers.isFree(gone));
    assertThat(workers.isFree(LOST)).isFalse();
  }
}
