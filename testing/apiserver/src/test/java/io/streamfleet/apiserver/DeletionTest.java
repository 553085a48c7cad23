package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes, when, and what goes with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletionTest {

  private static final String CONFIGS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final ApiServer server = ApiServer.start();
  private final Api api = new Api(server);

  @AfterAll
  void stop() {
    api.close();
    server.close();
  }

  private String create(String name, String metadata) {
    return api.post(CONFIGS, "{'metadata':{'name':'%s'%s}}".formatted(name, metadata))
        .text("/metadata/uid");
  }

  private static String ownedBy(String name, String uid) {
    return ",'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'%s','uid':'%s'}]"
        .formatted(name, uid);
  }

  private void awaitGone(String path) {
    await().untilAsserted(() -> assertThat(api.get(path).code()).isEqualTo(404));
  }

  @Test
  void aFinalizerHoldsAnObjectBack() {
    create("held", ",'finalizers':['a.io/x']");
    assertThat(api.delete(CONFIGS + "/held", "").text("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(api.get(CONFIGS + "/held").code()).isEqualTo(200);
    api.patch(CONFIGS + "/held", Api.MERGE, "{'metadata':{'finalizers':null}}");
    assertThat(api.get(CONFIGS + "/held").code()).isEqualTo(404);
  }

  @Test
  void anotherObjectOfTheNameIsNotMeant() {
    create("meant", "");
    assertThat(api.delete(CONFIGS + "/meant", "{'preconditions':{'uid':'another'}}").code())
        .isEqualTo(409);
    Api.Reply reply = api.delete(CONFIGS + "/meant", "");
    assertThat(reply.text("/status")).isEqualTo("Success");
    assertThat(reply.text("/details/name")).isEqualTo("meant");
  }

  @Test
  void aPodOnAnotherNodeIsTerminatingUntilSomebodySaysItEnded() {
    api.post(
        PODS,
        "{'metadata':{'name':'lost'},'spec':{'nodeName':'n2','terminationGracePeriodSeconds':45,"
            + "'containers':[{'name':'a','image':'a'}]}}");
    Api.Reply reply = api.delete(PODS + "/lost", "");
    assertThat(reply.body().at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(45);
    assertThat(api.get(PODS + "/lost").code()).isEqualTo(200);
    api.delete(PODS + "/lost?gracePeriodSeconds=0", "");
    assertThat(api.get(PODS + "/lost").code()).isEqualTo(404);
  }

  @Test
  void whatIsOwnedGoesAfterItsLastOwner() {
    String one = create("one", "");
    String two = create("two", "");
    create("child", ownedBy("one", one));
    create(
        "both",
        ",'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'one','uid':'%s'},"
                .formatted(one)
            + "{'apiVersion':'v1','kind':'ConfigMap','name':'two','uid':'%s'}]".formatted(two));
    api.delete(CONFIGS + "/one", "");
    awaitGone(CONFIGS + "/child");
    assertThat(api.get(CONFIGS + "/both").code()).isEqualTo(200);
    api.delete(CONFIGS + "/two", "");
    awaitGone(CONFIGS + "/both");
    create("abandoned", ownedBy("nobody", "no-such-uid"));
    awaitGone(CONFIGS + "/abandoned");
  }

  @Test
  void anOwnerWaitsForWhatItOwnsOrSetsItFree() {
    String first = create("first", "");
    create("slow", ownedBy("first", first) + ",'finalizers':['a.io/x']");
    api.delete(CONFIGS + "/first", "{'propagationPolicy':'Foreground'}");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        api.get(CONFIGS + "/slow").body().path("metadata").has("deletionTimestamp"))
                    .isTrue());
    assertThat(api.get(CONFIGS + "/first").code()).isEqualTo(200);
    api.patch(CONFIGS + "/slow", Api.MERGE, "{'metadata':{'finalizers':null}}");
    awaitGone(CONFIGS + "/first");
    String parent = create("parent", "");
    create("free", ownedBy("parent", parent));
    api.delete(CONFIGS + "/parent?propagationPolicy=Orphan", "");
    awaitGone(CONFIGS + "/parent");
    assertThat(api.get(CONFIGS + "/free").body().at("/metadata/ownerReferences")).isEmpty();
  }

  @Test
  void aNamespaceTakesItsContentAlong() {
    api.post("/api/v1/namespaces", "{'metadata':{'name':'brief'}}");
    String path = "/api/v1/namespaces/brief/configmaps";
    api.post(path, "{'metadata':{'name':'x','finalizers':['a.io/x']}}");
    assertThat(api.delete("/api/v1/namespaces/brief", "").text("/status/phase"))
        .isEqualTo("Terminating");
    assertThat(api.post(path, "{'metadata':{'name':'y'}}").code()).isEqualTo(403);
    api.patch(path + "/x", Api.MERGE, "{'metadata':{'finalizers':[]}}");
    awaitGone("/api/v1/namespaces/brief");
  }

  @Test
  void manyAreDeletedBySelector() {
    create("many1", ",'labels':{'many':'yes'}");
    create("many2", ",'labels':{'many':'yes'}");
    create("other", "");
    api.delete(CONFIGS + "?labelSelector=many=yes", "");
    assertThat(api.get(CONFIGS + "?labelSelector=many=yes").body().path("items")).isEmpty();
    assertThat(api.get(CONFIGS + "/other").code()).isEqualTo(200);
  }

  @Test
  void aDefinitionTakesItsKindAlong() {
    server.apply(Widgets.CRD.replace("widgets", "gadgets").replace("Widget", "Gadget"));
    String path = "/apis/test.io/v1/namespaces/default/gadgets";
    api.post(path, Widgets.json("g", "'size':1").replace("Widget", "Gadget"));
    assertThat(api.get(path + "/g").code()).isEqualTo(200);
    String crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.test.io";
    assertThat(api.get(crd).body().at("/status/conditions").toString()).contains("Established");
    api.delete(crd, "");
    assertThat(api.get(path + "/g").code()).isEqualTo(404);
    assertThat(api.get("/apis/test.io").code()).isEqualTo(404);
  }
}
