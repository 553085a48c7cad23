package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.controller.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a Deployment. */
class DeploymentsTest {

  /** Pods of an image that ends in {@code bad} never get ready; others stay until told to go. */
  private static final class SlowKubelet implements Kubelet {

    private final Map<String, Runnable> ending = new ConcurrentHashMap<>();

    @Override
    public void started(Pod pod, Node node) {
      boolean good = !pod.getSpec().getContainers().getFirst().getImage().endsWith("bad");
      node.running(pod, good);
    }

    @Override
    public void stopping(Pod pod, Node node) {
      ending.put(pod.getMetadata().getName(), () -> node.gone(pod));
    }
  }

  private final SlowKubelet kubelet = new SlowKubelet();
  private final ApiServer slow = ApiServer.start(kubelet, 0);
  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();

  @AfterEach
  void stop() {
    client.close();
    server.close();
    slow.close();
  }

  private static Deployment deployment(int replicas, String image) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("web")
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .addToMatchLabels("app", "web")
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", "web")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage(image)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace("default").withLabel("app", "web").list().getItems();
  }

  private void awaitAvailable(int replicas, String image) {
    await()
        .untilAsserted(
            () -> {
              Deployment now =
                  client.apps().deployments().inNamespace("default").withName("web").get();
              assertThat(now.getStatus()).isNotNull();
              assertThat(now.getStatus().getObservedGeneration())
                  .isEqualTo(now.getMetadata().getGeneration());
              assertThat(now.getStatus().getUpdatedReplicas()).isEqualTo(replicas);
              assertThat(now.getStatus().getAvailableReplicas()).isEqualTo(replicas);
              assertThat(now.getStatus().getReplicas()).isEqualTo(replicas);
              assertThat(pods())
                  .hasSize(replicas)
                  .allSatisfy(
                      pod ->
                          assertThat(pod.getSpec().getContainers().getFirst().getImage())
                              .isEqualTo(image));
            });
  }

  @Test
  void podsComeScaleAndRoll() {
    client.resource(deployment(3, "web:1")).serverSideApply();
    awaitAvailable(3, "web:1");
    assertThat(pods())
        .allSatisfy(
            pod ->
                assertThat(pod.getMetadata().getName())
                    .matches(
                        "web-[bcdfghjklmnpqrstvwxz2456789]{10}-[bcdfghjklmnpqrstvwxz2456789]{5}"));
    client.apps().deployments().inNamespace("default").withName("web").scale(5);
    awaitAvailable(5, "web:1");
    client
        .apps()
        .deployments()
        .inNamespace("default")
        .withName("web")
        .edit(
            now ->
                new DeploymentBuilder(now)
                    .editSpec()
                    .editTemplate()
                    .editSpec()
                    .editFirstContainer()
                    .withImage("web:2")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build());
    awaitAvailable(5, "web:2");
    client.apps().deployments().inNamespace("default").withName("web").delete();
    await().untilAsserted(() -> assertThat(pods()).isEmpty());
  }

  @Test
  void aRollOutThatNeverGetsReadyKeepsTheOldPods() {
    try (KubernetesClient other = slow.client()) {
      other.resource(deployment(4, "web:1")).create();
      var web = other.apps().deployments().inNamespace("default").withName("web");
      await()
          .untilAsserted(
              () -> assertThat(web.get()).extracting("status.availableReplicas").isEqualTo(4));
      other.resource(deployment(4, "web:bad")).patch(PatchContext.of(PatchType.STRATEGIC_MERGE));
      await()
          .untilAsserted(
              () ->
                  assertThat(web.get())
                      .extracting("status.updatedReplicas", "status.availableReplicas")
                      .containsExactly(2, 3));
      // One old pod was told to go, and is still there for whoever looks.
      await().untilAsserted(() -> assertThat(kubelet.ending).hasSize(1));
      String going = kubelet.ending.keySet().iterator().next();
      Pod pod = other.pods().inNamespace("default").withName(going).get();
      assertThat(pod.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);
      kubelet.ending.values().forEach(Runnable::run);
      assertThat(other.pods().inNamespace("default").withName(going).get()).isNull();
      assertThat(web.get().getStatus().getConditions())
          .extracting(condition -> condition.getType() + " " + condition.getReason())
          .contains("Available MinimumReplicasAvailable", "Progressing ReplicaSetUpdated");
    }
  }

  @Test
  void recreatingLetsTheOldPodsGoFirst() {
    Deployment first =
        new DeploymentBuilder(deployment(2, "web:1"))
            .editSpec()
            .withNewStrategy()
            .withType("Recreate")
            .endStrategy()
            .endSpec()
            .build();
    client.resource(first).create();
    awaitAvailable(2, "web:1");
    first.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("web:2");
    client.resource(first).forceConflicts().serverSideApply();
    awaitAvailable(2, "web:2");
  }

  @Test
  void aPodThatGoesComesAgainUnderAnotherName() {
    client.resource(deployment(1, "web:1")).create();
    awaitAvailable(1, "web:1");
    String name = pods().getFirst().getMetadata().getName();
    client.pods().inNamespace("default").withName(name).delete();
    await()
        .untilAsserted(
            () ->
                assertThat(pods())
                    .singleElement()
                    .matches(pod -> !pod.getMetadata().getName().equals(name)));
  }

  @Test
  void nothingIsWrittenOnceAllIsAsItShouldBe() {
    client.resource(deployment(2, "web:1")).serverSideApply();
    awaitAvailable(2, "web:1");
    await()
        .during(Duration.ofMillis(300))
        .untilAsserted(
            () -> {
              String version =
                  client.apps().replicaSets().list().getMetadata().getResourceVersion();
              assertThat(client.pods().list().getMetadata().getResourceVersion())
                  .isEqualTo(version);
            });
  }
}
