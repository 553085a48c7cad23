package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes of the chart in a cluster, which Helm asks for its APIs. It keeps its own records in
 * memory (HELM_DRIVER): the API server of these tests does not read the format that it keeps them
 * in else.
 */
class InstallTest {

  /** The APIs of the Prometheus operator and of KEDA. */
  private static final Path FOREIGN =
      Chart.ROOT.resolve("operator/src/test/resources/io/streamfleet/operator/foreign-crds.yaml");

  private static final Path GOLDEN_DEFAULTS =
      Path.of("src/test/resources/golden/defaults/values.yaml");

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final KubernetesClient client = server.client();
  @TempDir private Path folder;

  @Test
  void whatNeedsAnApiIsThereWhereTheApiIs() throws Exception {
    install("before", Chart.NAMESPACE, "{}");
    server.apply(Files.readString(FOREIGN));
    // Two releases can't both own the definition.
    install("streamfleet-after", Chart.NAMESPACE, "crds: {create: false}");

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

  /** Also what Helm asks of a cluster beyond rendering: that its API server takes each object. */
  @ParameterizedTest
  @MethodSource("io.streamfleet.helm.GoldenTest#cases")
  void aReleaseWithDefaultsIsUpgradedToAnyValues(Path example) throws Exception {
    String foreign = Files.readString(FOREIGN);
    server.apply(foreign);
    for (String kind : List.of("ServiceMonitor", "PrometheusRule")) {
      server.apply(
          foreign
              .substring(foreign.lastIndexOf("---\n"))
              .replace("PodMonitor", kind)
              .replace("podmonitor", kind.toLowerCase(Locale.ROOT)));
    }
    for (String namespace : List.of("chat", "mail", "grafana")) {
      server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace));
    }
    upgrade(GOLDEN_DEFAULTS);
    Path values = example.resolve("values.yaml");
    upgrade(values);

    for (JsonNode object : Chart.objects(Chart.render(values))) {
      assertThat(
              client
                  .genericKubernetesResources(
                      object.path("apiVersion").asText(), Chart.kind(object))
                  .inAnyNamespace()
                  .list()
                  .getItems())
          .as(Chart.kind(object))
          .extracting(it -> it.getMetadata().getName())
          .contains(object.at("/metadata/name").asText());
    }
  }

  private void upgrade(Path values) throws IOException {
    Chart.helm()
        .upgrade()
        .install()
        // The API server of these tests has no list of its types.
        .disableOpenApiValidation()
        .withName(Chart.RELEASE)
        .withNamespace(Chart.NAMESPACE)
        .createNamespace()
        .withValuesFile(values)
        .withKubeConfig(config())
        .call();
  }

  /** What is of the whole cluster belongs to one release only, and Helm says so. */
  @Test
  void twoReleasesOfOneNameShareNothing() throws Exception {
    server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: chat}}");
    install("fleets", "chat", "{watch: {namespaces: [chat]}}");

    assertThatThrownBy(() -> install("fleets", "mail", "{crds: {create: false}}"))
        .hasMessageContaining("ClusterRole \"fleets-streamfleet-")
        .hasMessageContaining("exists and cannot be imported into the current release");
    install(
        "fleets",
        "mail",
        "{crds: {create: false}, rbac: {aggregate: false}, watch: {namespaces: [mail]}}");

    assertThat(client.apps().deployments().inAnyNamespace().list().getItems())
        .extracting(it -> it.getMetadata().getNamespace())
        .containsExactlyInAnyOrder("chat", "mail");
  }

  private void install(String release, String namespace, String values) throws IOException {
    Chart.helm()
        .install()
        .withName(release)
        .withNamespace(namespace)
        .createNamespace()
        .withValuesFile(Files.writeString(folder.resolve("values.yaml"), values))
        .withKubeConfig(config())
        .call();
  }

  private Path config() throws IOException {
    return server.kubeconfig().write(folder.resolve("config"));
  }
}
