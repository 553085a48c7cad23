package io.streamfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.operator.resource.FleetNames;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Of what is listed and watched only that is in memory which somebody asks for. */
class ClusterClientTest {

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final KubernetesClient whole = server.client();
  @AutoClose private final KubernetesClient client = ClusterClient.open(server.config());

  private static <T extends HasMetadata> T kept(SharedIndexInformer<T> informer, String name) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> informer.getStore().getByKey("default/" + name) != null);
    return Objects.requireNonNull(informer.getStore().getByKey("default/" + name));
  }

  private void secret(String name) {
    whole
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToAnnotations("note", "whatever")
                .endMetadata()
                .addToStringData("password", "hush")
                .build())
        .create();
  }

  private void configMap(String name, Map<String, String> labels) {
    whole
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withLabels(labels)
                .endMetadata()
                .addToData("key", "value")
                .build())
        .create();
  }

  @Test
  void ofSecretsThatTheyAreThereAndTheirContentsWhenAskedFor() {
    secret("listed");
    try (SharedIndexInformer<Secret> secrets =
        client.secrets().inNamespace("default").withLimit(1L).runnableInformer(0)) {
      secrets.start();
      Secret listed = kept(secrets, "listed");
      secret("watched");
      Secret watched = kept(secrets, "watched");

      assertThat(listed.getData()).isNullOrEmpty();
      assertThat(watched.getData()).isNullOrEmpty();
      assertThat(watched.getMetadata().getAnnotations()).isEmpty();
    }
    assertThat(new ClusterSecrets(client).secret("default", "listed"))
        .hasValueSatisfying(it -> assertThat(it.text("password")).contains("hush"));
  }

  @Test
  void ofConfigMapsOnlyWhatOurWorkersRead() {
    configMap("ours", Map.of(FleetNames.MANAGED_BY_LABEL, FleetNames.MANAGED_BY));
    configMap("theirs", Map.of());
    try (SharedIndexInformer<ConfigMap> maps =
        client.configMaps().inNamespace("default").runnableInformer(0)) {
      maps.start();

      assertThat(kept(maps, "ours").getData()).containsEntry("key", "value");
      assertThat(kept(maps, "theirs").getData()).isNullOrEmpty();
    }
  }

  @Test
  void ofPodsWhoseTheyAreAndWhatKeepsThem() {
    whole
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: worker
              namespace: default
              labels: {streamfleet.io/group: chat, more: labels}
            spec:
              containers: [{name: worker, image: worker}]
            """)
        .create();
    try (SharedIndexInformer<Pod> pods = client.pods().inNamespace("default").runnableInformer(0)) {
      pods.start();
      Pod pod = kept(pods, "worker");

      assertThat(pod.getSpec()).isNull();
      assertThat(pod.getMetadata().getLabels()).isEqualTo(Map.of(FleetNames.GROUP_LABEL, "chat"));
      assertThat(pod.getMetadata().getManagedFields()).isEmpty();
      assertThat(pod.getMetadata().getUid()).isNotEmpty();
    }
  }

  @Test
  void aClientThatKeepsEverythingIsRefused() {
    assertThatThrownBy(() -> ClusterClient.required(whole))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ClusterClient");
  }
}
