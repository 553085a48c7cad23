package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.controller.Node;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code kubectl get} and {@code kubectl logs} are answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablesTest {

  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

  private final Clock clock = Clock.fixed(Instant.parse("2026-11-25T10:00:00Z"), ZoneOffset.UTC);
  private final ApiServer server =
      ApiServer.start(
          new Kubelet() {
            @Override
            public void started(Pod pod, Node node) {
              node.running(pod, true);
            }

            @Override
            public void stopping(Pod pod, Node node) {
              node.gone(pod);
            }

            @Override
            public Optional<String> log(String namespace, String pod) {
              return Optional.of("one\ntwo\nthree\n");
            }
          },
          0,
          clock);
  private final Api api = new Api(server);

  @BeforeAll
  void things() {
    server.apply(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.io}
        spec:
          group: example.io
          scope: Namespaced
          names: {kind: Thing, plural: things}
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
              additionalPrinterColumns:
                - {name: READY, type: string, jsonPath: '.parts[?(@.type=="Ready")].status'}
                - {name: COUNT, type: integer, jsonPath: .count}
                - {name: BORN, type: date, jsonPath: .born}
                - {name: LIST, type: string, jsonPath: .list, priority: 1}
        """);
    server.apply(
        """
        apiVersion: example.io/v1
        kind: Thing
        metadata: {name: a}
        parts: [{type: Other, status: "x"}, {type: Ready, status: "True"}]
        count: 3
        born: "2026-11-25T09:52:56Z"
        list: [p, q]
        """);
    server.apply("{apiVersion: example.io/v1, kind: Thing, metadata: {name: b}}");
    server.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: d}
        spec:
          replicas: 1
          selector: {matchLabels: {app: d}}
          template:
            metadata: {labels: {app: d}}
            spec: {containers: [{name: c, image: i}]}
        """);
  }

  @AfterAll
  void stop() {
    api.close();
    server.close();
  }

  private List<String> rows(String path) {
    return api.getAs(TABLE, path)
        .body()
        .path("rows")
        .valueStream()
        .map(row -> row.path("cells").toString())
        .toList();
  }

  @Test
  void aKindIsShownInTheColumnsThatItsDefinitionNames() {
    JsonNode table = api.getAs(TABLE, "/apis/example.io/v1/namespaces/default/things").body();
    assertThat(table.path("kind").asText()).isEqualTo("Table");
    assertThat(table.path("columnDefinitions").findValuesAsText("name"))
        .containsExactly("Name", "READY", "COUNT", "BORN", "LIST");
    assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
    assertThat(rows("/apis/example.io/v1/namespaces/default/things"))
        .containsExactly(
            "[\"a\",\"True\",3,\"7m4s\",\"[\\\"p\\\",\\\"q\\\"]\"]", "[\"b\",null,null,null,null]");
    assertThat(rows("/apis/example.io/v1/namespaces/default/things/a")).hasSize(1);
    assertThat(api.get("/apis/example.io/v1/namespaces/default/things").text("/kind"))
        .isEqualTo("ThingList");
  }

  @Test
  void deploymentsAndPodsAreShownAsAClusterDoes() {
    await()
        .untilAsserted(
            () ->
                assertThat(rows("/apis/apps/v1/namespaces/default/deployments"))
                    .containsExactly("[\"d\",\"1/1\",1,1,\"0s\"]"));
    assertThat(rows("/api/v1/namespaces/default/pods"))
        .singleElement()
        .asString()
        .matches("\\[\"d-.*\",\"1/1\",\"Running\",\"0\",\"0s\",\"127.0.0.1\",\"streamfleet\"]");
    assertThat(rows("/apis/apps/v1/namespaces/default/replicasets"))
        .singleElement()
        .asString()
        .endsWith(",1,1,1,\"0s\"]");
    for (String path :
        List.of(
            "/api/v1/namespaces",
            "/api/v1/namespaces/default/events",
            "/api/v1/namespaces/default/services",
            "/api/v1/namespaces/default/configmaps",
            "/apis/coordination.k8s.io/v1/namespaces/default/leases",
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets")) {
      assertThat(api.getAs(TABLE, path).text("/kind")).as(path).isEqualTo("Table");
    }
  }

  @Test
  void aLogIsGivenWholeOrItsLastLines() {
    await().until(() -> !rows("/api/v1/namespaces/default/pods").isEmpty());
    String pod = api.get("/api/v1/namespaces/default/pods").text("/items/0/metadata/name");
    String log = "/api/v1/namespaces/default/pods/" + pod + "/log";
    assertThat(api.get(log).body().asText()).isEqualTo("one\ntwo\nthree\n");
    assertThat(api.get(log + "?tailLines=1").body().asText()).isEqualTo("three\n");
    assertThat(api.get(log + "?follow=true").text("/message")).contains("./streamfleet logs -f");
    assertThat(api.get(log + "?previous=true").code()).isEqualTo(405);
    assertThat(api.get("/api/v1/namespaces/default/pods/none/log").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/default/configmaps/x/log").code()).isEqualTo(405);
  }
}
