package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who applies, owns. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerSideApplyTest {

  private static final String CONFIGS = "/api/v1/namespaces/default/configmaps/";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments/";

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

  private static String config(String name, String data) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s'},'data':{%s}}"
        .formatted(name, data);
  }

  private static String deployment(String name, String spec, String containers) {
    return """
    {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'%s'},'spec':{%s
     'selector':{'matchLabels':{'a':'%s'}},
     'template':{'metadata':{'labels':{'a':'%s'}},'spec':{'containers':[%s]}}}}\
    """
        .formatted(name, spec, name, name, containers);
  }

  private static JsonNode owned(Api.Reply reply, String manager) {
    return reply
        .body()
        .at("/metadata/managedFields")
        .valueStream()
        .filter(entry -> entry.path("manager").asText().equals(manager))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsAppliedIsCreatedThenMergedAndNoChangeIsNoWrite() {
    Api.Reply created = api.apply(CONFIGS + "made", "a", config("made", "'x':'1'"));
    assertThat(created.code()).isEqualTo(201);
    assertThat(owned(created, "a").toString())
        .contains("\"operation\":\"Apply\"", "\"fieldsV1\":{\"f:data\":{\"f:x\":{}}}");
    Api.Reply again = api.apply(CONFIGS + "made", "a", config("made", "'x':'1'"));
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(created.body());
    Api.Reply other = api.apply(CONFIGS + "made", "b", config("made", "'y':'2'"));
    assertThat(other.body().path("data").toString()).isEqualTo("{\"x\":\"1\",\"y\":\"2\"}");
  }

  @Test
  void whatAManagerNoLongerAppliesGoesUnlessSomebodyElseOwnsIt() {
    api.apply(CONFIGS + "less", "a", config("less", "'mine':'1','ours':'1'"));
    api.apply(CONFIGS + "less", "b", config("less", "'ours':'1'"));
    Api.Reply reply = api.apply(CONFIGS + "less", "a", config("less", "'new':'1'"));
    assertThat(reply.body().path("data").toString()).isEqualTo("{\"ours\":\"1\",\"new\":\"1\"}");
  }

  @Test
  void anotherManagersValueIsAConflictUnlessForced() {
    api.apply(CONFIGS + "fight", "a", config("fight", "'x':'1'"));
    Api.Reply refused = api.apply(CONFIGS + "fight", "b", config("fight", "'x':'2'"));
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.text("/message"))
        .isEqualTo("Apply failed with 1 conflict: .data.x: conflict with \"a\"");
    assertThat(refused.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
    Api.Reply forced = api.force(CONFIGS + "fight", "b", config("fight", "'x':'2'"));
    assertThat(forced.text("/data/x")).isEqualTo("2");
    assertThat(forced.body().at("/metadata/managedFields")).hasSize(1);
  }

  @Test
  void versionOneIsRefusedOnceTheObjectIsThere() {
    String config =
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'one','resourceVersion':'1'}}";
    assertThat(api.apply(CONFIGS + "one", "a", config).code()).isEqualTo(201);
    assertThat(api.apply(CONFIGS + "one", "a", config).code()).isEqualTo(409);
  }

  @Test
  void listsWithKeysMergeByThem() {
    String mine =
        "{'name':'app','image':'app:1','env':[{'name':'A','value':'1'},{'name':'B','value':'2'}],"
            + "'ports':[{'containerPort':80}]}";
    Api.Reply created = api.apply(DEPLOYMENTS + "web", "a", deployment("web", "", mine));
    assertThat(owned(created, "a").path("fieldsV1").toString())
        .contains(
            "\"k:{\\\"name\\\":\\\"app\\\"}\":{\".\":{}",
            "\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\"",
            "\"f:selector\":{}")
        .doesNotContain("f:replicas", "f:strategy");
    api.patch(
        DEPLOYMENTS + "web",
        Api.STRATEGIC,
        "{'spec':{'template':{'spec':{'containers':[{'name':'sidecar','image':'s:1'},"
            + "{'name':'app','env':[{'name':'C','value':'3'}]}]}}}}");
    String less = "{'name':'app','image':'app:2','env':[{'name':'B','value':'2'}]}";
    Api.Reply reply = api.apply(DEPLOYMENTS + "web", "a", deployment("web", "", less));
    JsonNode containers = reply.body().at("/spec/template/spec/containers");
    assertThat(containers.findValuesAsText("name")).contains("app", "sidecar", "B", "C");
    assertThat(containers.findValuesAsText("name")).doesNotContain("A");
    assertThat(containers.toString()).contains("app:2").doesNotContain("containerPort");
  }

  @Test
  void replicasGoToWhomScalesAndStayWhenTheOperatorLetsGo() {
    String app = "{'name':'app','image':'app:1'}";
    api.apply(DEPLOYMENTS + "scaled", "operator", deployment("scaled", "'replicas':1,", app));
    Api.Reply scale = api.patch(DEPLOYMENTS + "scaled/scale", Api.MERGE, "{'spec':{'replicas':4}}");
    assertThat(scale.text("/kind")).isEqualTo("Scale");
    assertThat(scale.text("/status/selector")).isEqualTo("a=scaled");
    Api.Reply live = api.get(DEPLOYMENTS + "scaled");
    assertThat(owned(live, "tester").path("subresource").asText()).isEqualTo("scale");
    assertThat(owned(live, "tester").path("fieldsV1").toString())
        .isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
    Api.Reply left = api.force(DEPLOYMENTS + "scaled", "operator", deployment("scaled", "", app));
    assertThat(left.body().at("/spec/replicas").asInt()).isEqualTo(4);
  }

  @Test
  void replicasThatNobodyOwnsAnyMoreAreTheDefault() {
    String app = "{'name':'app','image':'app:1'}";
    api.apply(DEPLOYMENTS + "alone", "operator", deployment("alone", "'replicas':3,", app));
    Api.Reply reply = api.apply(DEPLOYMENTS + "alone", "operator", deployment("alone", "", app));
    assertThat(reply.body().at("/spec/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void aSchemaSaysHowListsOfACustomResourceMerge() {
    api.apply(
        Widgets.PATH + "/lists",
        "a",
        Widgets.json("lists", "'size':1,'tags':['x'],'parts':[{'name':'p','note':'n'}]"));
    api.apply(
        Widgets.PATH + "/lists",
        "b",
        Widgets.json("lists", "'size':1,'tags':['y'],'parts':[{'name':'q'}]"));
    Api.Reply reply =
        api.apply(Widgets.PATH + "/lists", "a", Widgets.json("lists", "'size':1,'tags':['x']"));
    assertThat(reply.body().at("/spec/tags").toString()).isEqualTo("[\"x\",\"y\"]");
    assertThat(reply.body().at("/spec/parts").toString())
        .isEqualTo("[{\"name\":\"q\",\"weight\":1}]");
  }

  @Test
  void statusIsAppliedAndOwnedApart() {
    api.apply(Widgets.PATH + "/both", "a", Widgets.json("both", "'size':1"));
    String status =
        "{'apiVersion':'test.io/v1','kind':'Widget','metadata':{'name':'both'},"
            + "'spec':{'size':7},'status':{'phase':'Up'}}";
    Api.Reply reply = api.force(Widgets.PATH + "/both/status", "a", status);
    assertThat(reply.text("/status/phase")).isEqualTo("Up");
    assertThat(reply.body().at("/spec/size").asInt()).isEqualTo(1);
    assertThat(reply.body().at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(reply.body().at("/metadata/managedFields")).hasSize(2);
    Api.Reply main = api.apply(Widgets.PATH + "/both", "a", Widgets.json("both", "'size':2"));
    assertThat(main.text("/status/phase")).isEqualTo("Up");
    assertThat(main.body().at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  void aFinalizerIsAppliedBesideThoseOfOthers() {
    api.apply(Widgets.PATH + "/held", "user", Widgets.json("held", "'size':1"));
    String finalizer =
        "{'apiVersion':'test.io/v1','kind':'Widget','metadata':{'name':'held','finalizers':['%s']}}";
    api.force(Widgets.PATH + "/held", "a", finalizer.formatted("a.io/x"));
    Api.Reply reply = api.force(Widgets.PATH + "/held", "b", finalizer.formatted("b.io/y"));
    assertThat(reply.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"a.io/x\",\"b.io/y\"]");
  }
}
