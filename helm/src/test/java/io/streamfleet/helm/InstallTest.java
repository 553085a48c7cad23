package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What comes of the chart in a cluster, which Helm asks for its APIs. It keeps its own records in
 * memory (HELM_DRIVER): the API server of these tests does not read the format that it keeps them
 * in else.
 */
class InstallTest {

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final KubernetesClient client = server.client();
  @TempDir private Path folder;

  @Test
  void whatNeedsAnApiIsThereWhereTheApiIs() throws Exception {
    install("before");
    server.apply(
        Files.readString(
            Chart.ROOT.resolve(
                "operator/src/test/resources/io/streamfleet/operator/foreign-crds.yaml")));
    install("streamfleet-after");

    assertThat(client.apps().deployments().inNamespace(Chart.NAMESPACE).list().getItems())
        .extracting(it -> it.getMetadata().getName())
        .containsExactlyInAnyOrder("before-streamfleet-operator", "streamfleet-after-operator");
    assertThat(
            client
                .genericKubernetesResources("monitoring.coreos.com/v1", "PodMonitor")
                .inNamespace(Chart.NAMESPACE)
                .list()
                .getItems())
        .extracting(it -> it.getMetadata().getName())
        .containsExactly("streamfleet-after-workers");
  }

  private void install(String release) throws IOException {
    Chart.helm()
        .install()
        .withName(release)
        .withNamespace(Chart.NAMESPACE)
        .createNamespace()
        // Two releases can't both own it.
        .set("crds.create", release.equals("before"))
        .withKubeConfig(Files.writeString(folder.resolve("config"), kubeconfig()))
        .call();
  }

  private String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: here, cluster: {server: "%s"}}]
        contexts: [{name: here, context: {cluster: here, user: me}}]
        current-context: here
        users: [{name: me, user: {}}]
        """
        .formatted(server.url());
  }
}
