package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.streamfleet.apiserver.request.ApiRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Getting, listing and watching. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadsTest {

  private final ApiServer server = ApiServer.start();
  private final Api api = new Api(server);
  private final KubernetesClient client = server.client();

  @BeforeAll
  void namespaces() {
    for (String name : List.of("labels", "pages", "watched", "lines")) {
      api.post("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(name));
    }
  }

  @AfterAll
  void stop() {
    client.close();
    api.close();
    server.close();
  }

  private static String in(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  private void create(String namespace, String name, String labels) {
    api.post(in(namespace), "{'metadata':{'name':'%s','labels':{%s}}}".formatted(name, labels));
  }

  private List<String> selected(String query) {
    return api.get(in("labels") + "?" + query)
        .body()
        .path("items")
        .valueStream()
        .map(item -> item.at("/metadata/name").asText())
        .toList();
  }

  @Test
  void labelsAreSelectedByEqualityAndBySet() {
    create("labels", "a", "'app':'x','tier':'web'");
    create("labels", "b", "'app':'y','tier':'db'");
    create("labels", "c", "'app':'z'");
    assertThat(selected("labelSelector=app=x")).containsExactly("a");
    assertThat(selected("labelSelector=app!=x,tier")).containsExactly("b");
    assertThat(selected("labelSelector=app in (x, z)")).containsExactly("a", "c");
    assertThat(selected("labelSelector=tier notin (web)")).containsExactly("b", "c");
    assertThat(selected("labelSelector=!tier")).containsExactly("c");
    assertThat(selected("fieldSelector=metadata.name=b")).containsExactly("b");
    assertThat(selected("fieldSelector=metadata.name!=b,metadata.namespace=labels"))
        .containsExactly("a", "c");
    assertThat(api.get(in("labels") + "?labelSelector=a(b").code()).isEqualTo(400);
    assertThat(api.get(in("labels") + "?fieldSelector=ab").code()).isEqualTo(400);
  }

  @Test
  void aListComesInPages() {
    List.of("a", "b", "c").forEach(name -> create("pages", name, ""));
    Api.Reply first = api.get(in("pages") + "?limit=2");
    assertThat(first.body().path("items")).hasSize(2);
    assertThat(first.body().at("/metadata/remainingItemCount").asInt()).isEqualTo(1);
    Api.Reply second =
        api.get(in("pages") + "?limit=2&continue=" + first.text("/metadata/continue"));
    assertThat(second.text("/items/0/metadata/name")).isEqualTo("c");
    assertThat(second.body().path("metadata").has("continue")).isFalse();
    assertThat(second.version()).isEqualTo(first.version());
    assertThat(api.get(in("pages") + "?limit=2&continue=x").code()).isEqualTo(400);
  }

  @Test
  void aWatchOverAWebsocketTellsWhatComesChangesAndGoes() {
    List<String> events = new CopyOnWriteArrayList<>();
    try (var watch =
        client
            .configMaps()
            .inNamespace("watched")
            .withLabel("seen", "yes")
            .watch(
                new Watcher<ConfigMap>() {
                  @Override
                  public void eventReceived(Action action, ConfigMap map) {
                    events.add(action + " " + map.getMetadata().getName());
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    events.add("closed " + cause);
                  }
                })) {
      create("watched", "w", "'seen':'yes'");
      api.patch(in("watched") + "/w", Api.MERGE, "{'data':{'a':'b'}}");
      api.patch(in("watched") + "/w", Api.MERGE, "{'metadata':{'labels':{'seen':'no'}}}");
      api.patch(in("watched") + "/w", Api.MERGE, "{'metadata':{'labels':{'seen':'yes'}}}");
      api.delete(in("watched") + "/w", "");
      await()
          .untilAsserted(
              () ->
                  assertThat(events)
                      .containsExactly(
                          "ADDED w", "MODIFIED w", "DELETED w", "ADDED w", "DELETED w"));
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aWatchOverHttpIsLinesAndGoesOnFromAVersionAndEndsInABookmark() throws Exception {
    create("lines", "old", "");
    String version = api.get(in("lines")).version();
    create("lines", "new", "");
    String watch =
        in("lines")
            + "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion="
            + version;
    List<String> lines = api.lines(watch).toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("ADDED", "\"name\":\"new\"");
    assertThat(lines.getLast()).contains("BOOKMARK", "resourceVersion");
  }

  @Test
  void aWatchFromAForgottenVersionIsRefused() {
    Api.Reply reply = api.get(in("default") + "?watch=1&resourceVersion=5");
    assertThat(reply.code()).isEqualTo(410);
    assertThat(reply.text("/reason")).isEqualTo("Expired");
    assertThat(api.get(in("default") + "?watch=1&resourceVersion=x").code()).isEqualTo(400);
  }

  @Test
  void anInformerHasWhatIsThere() {
    try (var informer = client.configMaps().inNamespace("default").inform()) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("informed")
                  .withNamespace("default")
                  .endMetadata()
                  .build())
          .create();
      await()
          .untilAsserted(
              () ->
                  assertThat(informer.getStore().list())
                      .anyMatch(map -> map.getMetadata().getName().equals("informed")));
    }
  }

  @Test
  void requestsAreToldOfAndMayFail() {
    List<ApiRequest> requests = new CopyOnWriteArrayList<>();
    server.listen(requests::add);
    server.fail(
        request -> request.name().equals("faulty") && request.verb().equals("patch"), 409, 1);
    server.fail(request -> request.name().equals("faulty"), 403, 1);
    String path = in("default") + "/faulty";
    String config = "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'faulty'}}";
    assertThat(api.apply(path, "a", config).code()).isEqualTo(409);
    assertThat(api.apply(path, "a", config).code()).isEqualTo(403);
    assertThat(api.apply(path, "a", config).code()).isEqualTo(201);
    assertThat(requests)
        .filteredOn(ApiRequest::isWrite)
        .hasSize(3)
        .allSatisfy(
            request ->
                assertThat(request)
                    .usingRecursiveComparison()
                    .ignoringFields("userAgent")
                    .isEqualTo(
                        new ApiRequest(
                            "patch", "", "v1", "configmaps", "", "default", "faulty", "")));
    assertThat(requests).extracting(ApiRequest::userAgent).containsOnly("tester/1");
    server.fail(request -> true, 500, 9);
    server.fail(request -> true, 404, 9);
    assertThat(api.get(path).code()).isEqualTo(500);
    server.stopFailing();
    assertThat(api.get(path).code()).isEqualTo(200);
  }
}
