package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.Condition;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.operator.cluster.ClusterClient;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The API server has a CRD of another release, which takes more than this one, and fills in less.
 */
class OtherCrdTest {

  private static EmbeddedCluster cluster;

  /** Reads as the operator does, which others need not be able to. */
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    cluster = new EmbeddedCluster();
    client = ClusterClient.open(cluster.server().config());
    JsonNode crd = YamlText.documents(Files.readString(TestCluster.CRD)).getFirst();
    ObjectNode schema =
        (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    schema.removeAll().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    cluster.server().apply(crd.toString());
    cluster.operator();
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
  }

  private static void apply(String name, String more) {
    cluster
        .server()
        .apply(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: %s, namespace: default}
            spec:
              redis: {url: "%s"}
              inbound: {streams: ["%s:in"], group: workers, handler: {builtin: Discard}}
            """
                    .formatted(name, cluster.redisUrl(), name)
                + more.indent(2));
  }

  private static Condition ready(String name) {
    StreamConsumerGroup resource =
        client.resources(StreamConsumerGroup.class).inNamespace("default").withName(name).get();
    return Objects.requireNonNull(resource).getStatus().conditions().stream()
        .filter(it -> it.type().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private static void becomesReady(String name) {
    eventually(() -> assertThat(ready(name).reason()).isEqualTo("AllAvailable"));
  }

  private static List<String> warnings(String name) {
    return new LiveFleet(cluster, "default", name)
        .events("UnknownFields").stream().map(it -> it.getMessage()).toList();
  }

  @Test
  void aFieldThatOnlyANewerOneKnowsIsLeftOutAndToldOf() {
    apply("field", "shiny: {new: field}\nread: {batchSize: 7, ahead: 3}");

    becomesReady("field");

    eventually(
        () ->
            assertThat(warnings("field"))
                .singleElement()
                .asString()
                .contains("spec.shiny, spec.read.ahead: not known to this operator"));
    String manifest =
        new LiveFleet(cluster, "default", "field").configMap().get().getData().get("manifest.yaml");
    assertThat(manifest).contains("batchSize: 7").doesNotContain("shiny", "ahead");
  }

  @Test
  void aValueThatOnlyANewerOneKnowsIsNamedAndIsNoTroubleOfOthers() {
    apply("value", "consumers: {cleanup: Always}\nworkers: {replicas: many}");

    eventually(() -> assertThat(ready("value").reason()).isEqualTo("InvalidSpec"));
    assertThat(ready("value").message())
        .contains("spec.consumers.cleanup")
        .contains("spec.workers.replicas");
    apply("neighbour", "");
    becomesReady("neighbour");

    apply("value", "");

    becomesReady("value");
  }

  @Test
  void whatAnOlderOneDoesNotFillInHasItsDefault() {
    apply("partial", "workers: {replicas: 2}\nread: {batchSize: 7}");

    becomesReady("partial");

    assertThat(new LiveFleet(cluster, "default", "partial").podNames()).hasSize(2);
    assertThat(warnings("partial")).isEmpty();
  }
}
