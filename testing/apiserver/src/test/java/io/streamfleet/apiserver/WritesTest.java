package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Creating, replacing, patching, and what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WritesTest {

  private static final String CONFIGS = "/api/v1/namespaces/default/configmaps";

  private final ApiServer server = ApiServer.start();
  private final Api api = new Api(server);

  @BeforeAll
  void defineWidgets() {
    server.apply(Widgets.CRD);
  }

  @AfterAll
  void stop() {
    api.close();
    server.close();
  }

  private Api.Reply widget(String name, String spec) {
    return api.post(Widgets.PATH, Widgets.json(name, spec));
  }

  @Test
  void aMergePatchReplacesArraysAndRemovesNulls() {
    widget("merged", "'size':1,'tags':['a','b'],'color':'Blue','code':'x'");
    Api.Reply reply =
        api.patch(
            Widgets.PATH + "/merged", Api.MERGE, "{'spec':{'tags':['c'],'code':null,'low':1}}");
    assertThat(reply.body().path("spec").toString())
        .isEqualTo("{\"size\":1,\"tags\":[\"c\"],\"color\":\"Blue\",\"replicas\":2,\"low\":1}");
  }

  @Test
  void aJsonPatchIsTestedAndApplied() {
    widget("patched", "'size':1");
    String path = Widgets.PATH + "/patched";
    assertThat(
            api.patch(path, Api.JSON_PATCH, "[{'op':'test','path':'/spec/size','value':2}]").code())
        .isEqualTo(422);
    assertThat(
            api.patch(path, Api.JSON_PATCH, "[{'op':'add','path':'/spec/code','value':'ab'}]")
                .text("/spec/code"))
        .isEqualTo("ab");
  }

  @Test
  void aStrategicPatchKnowsItsDirectives() {
    String pods = "/api/v1/namespaces/default/pods";
    api.post(
        pods,
        "{'metadata':{'name':'strategic','finalizers':['a/b','c/d']},'spec':{'nodeName':'other',"
            + "'containers':[{'name':'a','image':'a'},{'name':'b','image':'b'}]}}");
    Api.Reply reply =
        api.patch(
            pods + "/strategic",
            Api.STRATEGIC,
            "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a/b'],'labels':{'x':'y'}},"
                + "'spec':{'$setElementOrder/containers':[{'name':'b'}],"
                + "'containers':[{'name':'a','$patch':'delete'},{'name':'b','image':'b2'}]}}");
    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body().at("/spec/containers").findValuesAsText("image")).containsExactly("b2");
    assertThat(reply.body().at("/metadata/finalizers").toString()).isEqualTo("[\"c/d\"]");
    assertThat(api.patch(Widgets.PATH + "/none", Api.STRATEGIC, "{}").code()).isEqualTo(404);
    widget("custom", "'size':1");
    assertThat(api.patch(Widgets.PATH + "/custom", Api.STRATEGIC, "{}").code()).isEqualTo(415);
  }

  @Test
  void aStaleVersionIsAConflict() {
    Api.Reply created = widget("stale", "'size':1");
    String body =
        Widgets.json("stale", "'size':2")
            .replace(
                "'name':'stale'", "'name':'stale','resourceVersion':'" + created.version() + "'");
    assertThat(api.put(Widgets.PATH + "/stale", body).code()).isEqualTo(200);
    assertThat(api.put(Widgets.PATH + "/stale", body).code()).isEqualTo(409);
    assertThat(api.put(Widgets.PATH + "/stale", Widgets.json("stale", "'size':3")).code())
        .isEqualTo(422);
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    api.post(
        Widgets.PATH,
        Widgets.json("apart", "'size':1").replace("'spec'", "'status':{'phase':'No'},'spec'"));
    Api.Reply created = api.get(Widgets.PATH + "/apart");
    assertThat(created.body().has("status")).isFalse();
    api.patch(
        Widgets.PATH + "/apart/status",
        Api.MERGE,
        "{'status':{'phase':'Up'},'spec':{'size':5},'metadata':{'labels':{'a':'b'}}}");
    Api.Reply reply = api.patch(Widgets.PATH + "/apart", Api.MERGE, "{'status':{'phase':'Down'}}");
    assertThat(reply.text("/status/phase")).isEqualTo("Up");
    assertThat(reply.body().at("/spec/size").asInt()).isEqualTo(1);
    assertThat(reply.body().at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(reply.body().at("/metadata").has("labels")).isFalse();
  }

  @Test
  void generationCountsChangesOfTheSpecOnly() {
    widget("counted", "'size':1");
    String path = Widgets.PATH + "/counted";
    api.patch(path, Api.MERGE, "{'metadata':{'labels':{'a':'b'}}}");
    assertThat(api.get(path).body().at("/metadata/generation").asInt()).isEqualTo(1);
    Api.Reply changed = api.patch(path, Api.MERGE, "{'spec':{'size':2}}");
    assertThat(changed.body().at("/metadata/generation").asInt()).isEqualTo(2);
    assertThat(api.patch(path, Api.MERGE, "{'spec':{'size':2}}").version())
        .isEqualTo(changed.version());
  }

  @Test
  void defaultsAreSetAndUnknownFieldsPrunedToldOfOrRefused() {
    Api.Reply pruned =
        widget("pruned", "'size':1,'bogus':2,'free':{'any':'thing'},'parts':[{'name':'p'}]");
    assertThat(pruned.body().path("spec").toString())
        .isEqualTo(
            "{\"size\":1,\"free\":{\"any\":\"thing\"},\"parts\":[{\"name\":\"p\",\"weight\":1}],"
                + "\"replicas\":2,\"color\":\"Red\"}");
    Api.Reply refused =
        api.post(
            Widgets.PATH + "?fieldValidation=Strict", Widgets.json("strict", "'size':1,'bogus':2"));
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.text("/message"))
        .isEqualTo("strict decoding error: unknown field \"spec.bogus\"");
  }

  @Test
  void whatIsNotValidIsRefusedWithEveryCause() {
    Api.Reply reply =
        widget("bad", "'size':10,'color':'Green','code':'ABCDEF','low':'x','tags':['a','a']");
    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.text("/reason")).isEqualTo("Invalid");
    assertThat(reply.text("/message"))
        .startsWith("Widget.test.io \"bad\" is invalid: [")
        .contains(
            "spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9",
            "spec.color: Unsupported value: \"Green\": supported values: \"Red\", \"Blue\"",
            "spec.code: Too long: may not be more than 5 bytes",
            "spec.code in body should match '^[a-z]+$'",
            "spec.low in body must be of type integer: \"string\"",
            "spec.tags[1]: Duplicate value");
    assertThat(reply.body().at("/details/causes").findValuesAsText("field")).contains("spec.size");
    assertThat(widget("less", "'color':'Red'").text("/message"))
        .isEqualTo("Widget.test.io \"less\" is invalid: spec.size: Required value");
    assertThat(widget("rule", "'size':1,'low':2").text("/message"))
        .contains("low must not be above size");
  }

  @Test
  void scaleIsReadAndWrittenForACustomResource() {
    Api.Reply created = widget("scaled", "'size':1");
    api.patch(
        Widgets.PATH + "/scaled/status", Api.MERGE, "{'status':{'replicas':1,'selector':'a=b'}}");
    Api.Reply scale = api.get(Widgets.PATH + "/scaled/scale");
    assertThat(scale.body().at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(scale.text("/status/selector")).isEqualTo("a=b");
    String body =
        "{'apiVersion':'autoscaling/v1','kind':'Scale','metadata':{'name':'scaled',"
            + "'resourceVersion':'%s'},'spec':{'replicas':7}}";
    assertThat(api.put(Widgets.PATH + "/scaled/scale", body.formatted(created.version())).code())
        .isEqualTo(409);
    api.put(Widgets.PATH + "/scaled/scale", body.formatted(scale.version()));
    assertThat(api.get(Widgets.PATH + "/scaled").body().at("/spec/replicas").asInt()).isEqualTo(7);
  }

  @Test
  void namesAreGeneratedAndCheckedAndNamespacesMustBeThere() {
    assertThat(api.post(CONFIGS, "{'metadata':{'generateName':'g-'}}").text("/metadata/name"))
        .matches("g-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(api.post(CONFIGS, "{'metadata':{'name':'Not_Good'}}").code()).isEqualTo(422);
    assertThat(api.post(CONFIGS, "{'metadata':{'name':'l','labels':{'a':'b c'}}}").code())
        .isEqualTo(422);
    assertThat(api.post(CONFIGS, "{}").code()).isEqualTo(422);
    assertThat(
            api.post("/api/v1/namespaces/nowhere/configmaps", "{'metadata':{'name':'x'}}").code())
        .isEqualTo(404);
    api.post(CONFIGS, "{'metadata':{'name':'twice'}}");
    assertThat(api.post(CONFIGS, "{'metadata':{'name':'twice'}}").text("/reason"))
        .isEqualTo("AlreadyExists");
    assertThat(api.post(CONFIGS, "{'kind':'Secret','metadata':{'name':'x'}}").code())
        .isEqualTo(400);
    assertThat(api.post(CONFIGS, "[").code()).isEqualTo(400);
    assertThat(api.post(CONFIGS + "?dryRun=All", "{'metadata':{'name':'dry'}}").code())
        .isEqualTo(201);
    assertThat(api.get(CONFIGS + "/dry").code()).isEqualTo(404);
  }

  @Test
  void theSelectorOfADeploymentStays() {
    String path = "/apis/apps/v1/namespaces/default/deployments";
    String body =
        "{'metadata':{'name':'d'},'spec':{'replicas':0,'selector':{'matchLabels':{'a':'b'}},"
            + "'template':{'metadata':{'labels':{'a':'%s'}},'spec':{'containers':[]}}}}";
    assertThat(api.post(path, body.formatted("other")).code()).isEqualTo(422);
    assertThat(api.post(path, body.formatted("b")).code()).isEqualTo(201);
    assertThat(
            api.patch(
                    path + "/d",
                    Api.MERGE,
                    "{'spec':{'selector':{'matchLabels':{'c':'d'}},"
                        + "'template':{'metadata':{'labels':{'c':'d'}}}}}")
                .text("/message"))
        .contains("field is immutable");
  }
}
