package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a Deployment. */
class DeploymentsTest {

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();

  @AfterEach
  void stop() {
    client.close();
    server.close();
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
}
