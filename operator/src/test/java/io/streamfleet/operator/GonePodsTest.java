package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.streamfleet.operator.consumer.WorkerDouble;
import io.streamfleet.operator.resource.FleetNames;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** However a pod goes, what was pending for it is free within five seconds. */
class GonePodsTest {

  @AutoClose private static final EmbeddedCluster cluster = new EmbeddedCluster();
  private static StreamfleetOperator operator = cluster.operator();

  /** Each test has a fleet of its own. */
  private static final AtomicInteger FLEETS = new AtomicInteger();

  private final String name = "chat" + FLEETS.incrementAndGet();

  /** A pod on a node that nobody hears of: no kubelet here takes it. */
  private final String lost = name + "-worker-7d9f8b6c5d-x2x4z";

  private final LiveFleet fleet = new LiveFleet(cluster, EmbeddedCluster.NAMESPACE, name);

  @AutoClose
  private final WorkerDouble workers =
      new WorkerDouble(cluster.redisServer().url(), name + ":in", "workers");

  private static ConditionFactory withinFiveSeconds() {
    return await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(50));
  }

  private void isReady() {
    fleet.apply("workers: {replicas: 2}");
    fleet.becomesReady();
  }

  private List<String> pods() {
    return List.copyOf(fleet.podNames());
  }

  private static void isThere(String namespace) {
    cluster
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .serverSideApply();
  }

  private Pod lostPod(String namespace) {
    return cluster
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(lost)
                .withNamespace(namespace)
                .withLabels(new FleetNames(name).labels())
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

  private static PodResource pod(String name) {
    return cluster.client().pods().inNamespace(EmbeddedCluster.NAMESPACE).withName(name);
  }

  private static void delete(String pod) {
    pod(pod).delete();
  }

  /** By that an operator that starts later knows whose name it was. */
  private void isInStatus(String pod) {
    eventually(
        () ->
            assertThat(fleet.status().consumers())
                .anySatisfy(consumer -> assertThat(consumer.pod()).isEqualTo(pod)));
  }

  @Test
  void aPodThatWasDeleted() {
    isReady();
    String pod = pods().getFirst();
    workers.takes(pod, 3);

    delete(pod);

    withinFiveSeconds().until(() -> workers.isFree(pod));
    assertThat(workers.pendingOf(pod)).hasSize(3).allMatch(it -> it.getRedeliveryCount() == 0);
    workers.sweeps(pods().getFirst());
    withinFiveSeconds().until(() -> !workers.names().contains(pod));
  }

  @Test
  void aPodThatWasEvicted() {
    Pod pod = lostPod(EmbeddedCluster.NAMESPACE);
    isReady();
    workers.takes(lost, 1);
    pod.setStatus(new PodStatusBuilder().withPhase("Failed").withReason("Evicted").build());

    cluster.client().resource(pod).patchStatus();

    withinFiveSeconds().until(() -> workers.isFree(lost));
  }

  @Test
  void aPodWhoseNodeIsLostOnceItsTimeToEndIsOver() {
    lostPod(EmbeddedCluster.NAMESPACE);
    isReady();
    workers.takes(lost, 1);

    pod(lost).withGracePeriod(4).delete();

    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(3))
        .until(() -> !workers.isFree(lost));
    await().atMost(Duration.ofSeconds(8)).until(() -> workers.isFree(lost));
    assertThat(pod(lost).get()).isNotNull();
  }

  @Test
  void aPodThatWentWhileTheOperatorWasAway() {
    isReady();
    String pod = pods().getFirst();
    workers.takes(pod, 2);
    isInStatus(pod);

    operator.close();
    delete(pod);
    assertThat(workers.isFree(pod)).isFalse();
    operator = cluster.operator();

    await().atMost(Duration.ofSeconds(30)).until(() -> workers.isFree(pod));
  }

  /** The second time by an operator that never saw the resource when it was valid. */
  @Test
  void aPodThatWentWhileTheResourceCannotWork() {
    isReady();
    fleet.apply("workers: {replicas: 2, volumeMounts: [{name: missing, mountPath: /data}]}");
    fleet.becomes("Ready", "False/InvalidSpec");
    String first = pods().getFirst();
    workers.takes(first, 2);

    delete(first);

    withinFiveSeconds().until(() -> workers.isFree(first));
    String second = pods().getFirst();
    assertThat(workers.sweeps(second)).isEqualTo(2);
    withinFiveSeconds().until(() -> !workers.names().contains(first));
    workers.takes(second, 1);
    isInStatus(second);
    operator.close();
    delete(second);
    operator = cluster.operator();
    await().atMost(Duration.ofSeconds(30)).until(() -> workers.isFree(second));
    assertThat(fleet.condition("Ready")).isEqualTo("False/InvalidSpec");
  }

  @Test
  void podsOfAScaleDownAndOfAnOldVersion() {
    isReady();
    List<String> old = pods();
    old.forEach(pod -> workers.takes(pod, 2));

    fleet.apply("read: {block: 4s}\nworkers: {replicas: 1}\n");

    await().atMost(Duration.ofSeconds(20)).until(() -> old.stream().allMatch(workers::isFree));
    fleet.becomesReady();
    assertThat(workers.sweeps(pods().getFirst())).isEqualTo(4);
    withinFiveSeconds().until(() -> workers.names().stream().noneMatch(old::contains));
  }

  /** The pods of the resource itself are still there when it goes, and keep what they have. */
  @Test
  void aPodThatWentShortlyBeforeItsResource() {
    lostPod(EmbeddedCluster.NAMESPACE);
    isReady();
    workers.takes(lost, 1);
    String pod = pods().stream().filter(it -> !it.equals(lost)).findFirst().orElseThrow();
    workers.takes(pod, 1);
    delete(pod);
    withinFiveSeconds().until(() -> workers.isFree(pod));
    // The rounds come ever more seldom: the name is empty long before the next.
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(6))
        .until(() -> workers.names().contains(pod));
    assertThat(workers.sweeps(lost)).isEqualTo(1);

    fleet.resource().delete();

    await().atMost(Duration.ofSeconds(1)).until(() -> !workers.names().contains(pod));
    assertThat(workers.isFree(lost)).isFalse();
    assertThat(workers.names()).contains(lost);
  }

  @Test
  void aRedisThatWasAwayMeanwhile() {
    isReady();
    String pod = pods().getFirst();
    workers.takes(pod, 1);
    cluster.redisServer().pause();

    delete(pod);

    eventually(() -> assertThat(fleet.condition("RedisReachable")).startsWith("False"));
    cluster.redisServer().resume();
    await().atMost(Duration.ofSeconds(10)).until(() -> workers.isFree(pod));
  }

  @Test
  void notAPodOfAnyOfSeveralNamespacesThatAreWatched() {
    isThere("other");
    operator.close();
    operator = cluster.operator("STREAMFLEET_NAMESPACES", "default,other");
    isReady();
    List<String> alive = pods();
    alive.forEach(pod -> workers.takes(pod, 1));
    delete(alive.getFirst());

    withinFiveSeconds().until(() -> workers.isFree(alive.getFirst()));
    assertThat(workers.isFree(alive.getLast())).isFalse();
    operator.close();
    operator = cluster.operator();
  }

  @Test
  void notAPodOfTheSameNameInAnotherNamespace() {
    isThere("other");
    isReady();
    new LiveFleet(cluster, "other", name).apply("workers: {replicas: 0}");
    lostPod("other");
    workers.takes(lost, 1);
    String gone = pods().getFirst();
    workers.takes(gone, 1);

    delete(gone);

    withinFiveSeconds().until(() -> workers.isFree(gone));
    assertThat(workers.isFree(lost)).isFalse();
  }
}
