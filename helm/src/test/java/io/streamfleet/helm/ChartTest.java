package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import io.streamfleet.api.yaml.YamlText;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart is sound, and what it renders is what the operator is tested with. */
class ChartTest {

  @Test
  void helmFindsNothingToCriticize() {
    LintResult result = Chart.helm().lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  /** Who runs the operator without the chart gets workers of the same image. */
  @Test
  void theOperatorsOwnDefaultIsTheImageThatTheChartNames() throws IOException {
    assertThat(Chart.renderText("{}"))
        .contains("\"" + OperatorSettings.from(Map.of()).workerImage() + "\"");
    assertThat(OperatorSettings.from(Map.of()).workerImage())
        .isEqualTo("localhost/streamfleet/worker:" + System.getProperty("image.tag"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replica: 3                                  | replica",
        "replicas: many                              | replicas",
        "image: {tagg: x}                            | tagg",
        "image: {digest: latest}                     | digest",
        "image: {repository: 'a/b:1', pullPolicy: X} | pullPolicy",
        "watch: {namespaces: a}                      | namespaces",
        "watch: {namespaces: [A]}                    | namespaces",
        "watch: {namespace: [a]}                     | namespace",
        "settings: {leaseDuration: 15}               | leaseDuration",
        "settings: {logFormat: text}                 | logFormat",
        "console: {access: open}                     | access",
        "console: {proxies: [proxy.example.org]}     | proxies",
        "podMonitor: {enabled: yes please}           | podMonitor",
        "resources: {limit: {memory: 1Gi}}           | limit",
        "extraEnv: [{value: x}]                      | name",
        "tolerations: {key: x}                       | tolerations",
        "nameOverride: A                             | nameOverride",
        "commonLabels: {a: b c}                      | commonLabels",
        "podLabels: {replicas: 3}                    | podLabels",
        "extraEnv: [{name: POD_NAME, value: x}]      | extraEnv",
        "prometheusRule: {runbookUrl: 'x#y'}         | runbookUrl",
        "prometheusRule: {runbookUrl: ''}            | runbookUrl",
      })
  void aMistakeInTheValuesIsNamed(String values, String place) {
    assertThatThrownBy(() -> Chart.renderText(values))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serviceAccount: {create: false}                              | serviceAccount.name:"
            + " needed",
        "console: {enabled: true, access: proxy}                      | console.proxies: needed",
        "{service: {enabled: false}, serviceMonitor: {enabled: true}} | needs service.enabled",
      })
  void valuesThatDoNotGoTogetherAreNamed(String values, String message) {
    assertThatThrownBy(() -> Chart.renderText(values)).hasMessageContaining(message);
  }

  /**
   * What providers and distributions call their versions, and Kubernetes its own before a release.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1.29.0",
        "v1.36.0",
        "v1.31.2-eks-1",
        "v1.31.2-eks-7f9249a",
        "v1.30.5-gke.1234",
        "v1.30.5-gke.1014003",
        "v1.29.4+k3s1",
        "v1.30.4+rke2r1",
        "v1.29.6+aba1e8d",
        "v1.30.0-rc.1",
        "v1.36.0-alpha.3",
        "v1.29.7-aliyun.1",
        "v1.31.1-tke.2",
        "v1.30.3-mirantis-1",
        "v1.32.0-rc.2+k3s1"
      })
  void aClusterIsTakenWhateverItsProviderCallsItsVersion(String version) throws IOException {
    assertThat(Chart.renderOn(version)).contains("kind: Deployment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v1.28.15", "v1.28.9-eks-036c24b", "v1.28.8-gke.1095000", "v0.0.0-master"})
  void aClusterThatIsTooOldIsRefused(String version) {
    assertThatThrownBy(() -> Chart.renderOn(version))
        .hasMessageContaining("chart requires kubeVersion: >=1.29.0-0");
  }

  /** Helm takes 53 letters; what has a Service's or a label's place, 63. */
  @ParameterizedTest
  @CsvSource({
    "a,                                                     '',    a-streamfleet-operator",
    "a-name-of-a-release-as-long-as-helm-takes-it-and-more, '',   "
        + " a-name-of-a-release-as-long-as-helm-take-operator",
    "chat-streamfleet,                                      '',    chat-streamfleet-operator",
    "chat,                                                  fleets, chat-fleets-operator",
    "fleets,                                                fleets, fleets-operator",
  })
  void namesAreMadeOfTheReleaseAndAreNoLongerThanAllowed(
      String release, String nameOverride, String operator) throws Exception {
    String rendered =
        Chart.renderText(
            release,
            "{nameOverride: '%s', serviceMonitor: {enabled: true}, podMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboards: {enabled: true}}"
                .formatted(nameOverride));

    assertThat(only("Deployment", rendered).at("/metadata/name").asText()).isEqualTo(operator);
    assertThat(Chart.objects(rendered))
        .filteredOn(object -> !Chart.kind(object).equals("CustomResourceDefinition"))
        .extracting(object -> object.at("/metadata/name").asText())
        .allMatch(name -> name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"))
        .allMatch(name -> name.length() <= (name.endsWith("-election") ? 253 : 63));
    for (JsonNode object : Chart.objects(rendered)) {
      assertThat(object.at("/metadata/labels"))
          .isNotEmpty()
          .allSatisfy(value -> assertThat(value.asText()).hasSizeLessThanOrEqualTo(63));
    }
  }

  @Test
  void theSchemaKnowsEveryValueAndNoOther() throws Exception {
    JsonNode values =
        YamlText.documents(Files.readString(Chart.FOLDER.resolve("values.yaml"))).getFirst();
    JsonNode schema =
        YamlText.documents(Files.readString(Chart.FOLDER.resolve("values.schema.json"))).getFirst();
    List<String> differences = new ArrayList<>();
    compare("", values, schema, differences);
    assertThat(differences).containsExactly(".global");
  }

  private static void compare(
      String path, JsonNode values, JsonNode schema, List<String> differences) {
    assertThat(schema.path("additionalProperties").asText())
        .as("%s lets typos through", path)
        .isEqualTo("false");
    Set<String> names = new TreeSet<>();
    values.fieldNames().forEachRemaining(names::add);
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode inner = schema.path("properties").path(name);
      if (!values.has(name) || inner.isMissingNode()) {
        differences.add(path + "." + name);
      } else if (values.path(name) instanceof ObjectNode parts
          && !parts.isEmpty()
          && inner.has("properties")
          && !name.equals("resources")) {
        compare(path + "." + name, parts, inner, differences);
      }
    }
  }

  @Test
  void theCrdIsTheGeneratedOneAndStaysWhenTheReleaseGoes() throws Exception {
    ObjectNode crd = (ObjectNode) only("CustomResourceDefinition", Chart.renderText("{}"));
    ObjectNode metadata = (ObjectNode) crd.path("metadata");
    assertThat(metadata.at("/annotations/helm.sh~1resource-policy").asText()).isEqualTo("keep");
    metadata.remove(List.of("annotations", "labels"));

    assertThat(crd)
        .isEqualTo(
            YamlText.documents(
                    Files.readString(
                        Chart.ROOT.resolve("crds/streamconsumergroups.streamfleet.io.yaml")))
                .getFirst());
  }

  @Test
  void whatWatchesAllNamespacesHasTheRightsOfTheFilesAndNoOthers() throws Exception {
    String rendered = Chart.renderText("{}");

    assertThat(only("ClusterRole/streamfleet-operator", rendered).path("rules"))
        .containsExactlyElementsOf(rules("operator", "keda", "monitoring"));
    assertThat(only("Role/streamfleet-operator-leader-election", rendered).path("rules"))
        .containsExactlyElementsOf(rules("leader-election"));
    assertThat(named("ClusterRole/", rendered)).hasSize(3);
    assertThat(named("Role/", rendered)).hasSize(1);
    assertThat(named("ClusterRoleBinding/", rendered)).hasSize(1);
  }

  @Test
  void whatWatchesSomeNamespacesHasTheSameRightsThereAndNoneElsewhere() throws Exception {
    String rendered =
        Chart.renderText(
            "{watch: {namespaces: [a, b, a]}, rbac: {aggregate: false, keda: false, monitoring:"
                + " false}}");

    assertThat(named("ClusterRole", rendered)).isEmpty();
    assertThat(named("Role/streamfleet-operator", rendered))
        .filteredOn(role -> !role.path("metadata").path("name").asText().endsWith("election"))
        .allSatisfy(
            role -> assertThat(role.path("rules")).containsExactlyElementsOf(rules("operator")))
        .extracting(role -> role.path("metadata").path("namespace").asText())
        .containsExactly("a", "b");
    assertThat(named("RoleBinding/", rendered))
        .allSatisfy(
            binding ->
                assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE))
        .hasSize(3);
  }

  @Test
  void workersAreScrapedAsByAPodMonitorOfTheirOwn() throws Exception {
    JsonNode monitor = only("PodMonitor", Chart.renderText("podMonitor: {enabled: true}"));
    JsonNode own =
        YamlText.documents(
                Files.readString(
                    Chart.ROOT.resolve(
                        "operator/src/test/resources/golden/everything/podmonitor.yaml")))
            .getFirst();

    assertThat(monitor.at("/spec/podMetricsEndpoints"))
        .isEqualTo(own.at("/spec/podMetricsEndpoints"));
  }

  @Test
  void alertsAndDashboardsArriveAsTheyAreWritten() throws Exception {
    String rendered =
        Chart.renderText("{prometheusRule: {enabled: true}, dashboards: {enabled: true}}");

    for (Path file : files("rules")) {
      String name = file.getFileName().toString().replace(".yaml", "");
      assertThat(only("PrometheusRule/streamfleet-" + name, rendered).path("spec"))
          .isEqualTo(YamlText.documents(Files.readString(file)).getFirst());
    }
    for (Path file : files("dashboards")) {
      String name = file.getFileName().toString();
      String start = "ConfigMap/streamfleet-dashboard-" + name.replace(".json", "");
      assertThat(only(start, rendered).path("data").path("streamfleet-" + name).asText())
          .isEqualToIgnoringNewLines(Files.readString(file));
    }
  }

  @Test
  void alertsLinkToTheRunbookWhereItIs() throws Exception {
    String rendered =
        Chart.renderText("prometheusRule: {enabled: true, runbookUrl: 'https://wiki/runbook?v=1'}");

    List<String> links = new ArrayList<>();
    for (JsonNode rules : named("PrometheusRule", rendered)) {
      links.addAll(rules.findValuesAsText("runbook_url"));
    }
    assertThat(links)
        .hasSizeGreaterThan(20)
        .allMatch(it -> it.matches("https://wiki/runbook\\?v=1#streamfleet[a-z]+"));
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Chart.FOLDER.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  private static List<JsonNode> rules(String... files) throws Exception {
    List<JsonNode> rules = new ArrayList<>();
    for (String file : files) {
      YamlText.documents(
              Files.readString(Chart.ROOT.resolve("operator/rbac").resolve(file + ".yaml")))
          .forEach(role -> role.path("rules").forEach(rules::add));
    }
    return rules;
  }

  /** All golden cases and the defaults: whatever is set, a restricted namespace takes the pods. */
  static Stream<Path> values() throws IOException {
    return GoldenTest.cases().stream().map(folder -> folder.resolve("values.yaml"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void theProfileRestrictedTakesEveryPod(Path values) throws Exception {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode object : Chart.objects(Chart.renderWithHooks(values))) {
      switch (Chart.kind(object)) {
        case "Pod" -> pods.add(object.path("spec"));
        case "Deployment" -> pods.add(object.at("/spec/template/spec"));
        default -> assertThat(object.at("/spec/template")).as(Chart.kind(object)).isEmpty();
      }
    }
    boolean console = Files.readString(values).contains("\nconsole:");
    assertThat(pods).hasSize(console ? 3 : 2).allSatisfy(ChartTest::isRestricted);
  }

  private static void isRestricted(JsonNode pod) {
    List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")
        .forEach(field -> assertThat(pod.has(field)).as(field).isFalse());
    assertThat(pod.path("volumes"))
        .allSatisfy(volume -> assertThat(volume.has("emptyDir")).isTrue());
    assertThat(pod.path("containers"))
        .hasSize(1)
        .allSatisfy(
            container -> {
              JsonNode security = container.path("securityContext");
              assertThat(security.path("allowPrivilegeEscalation").asText()).isEqualTo("false");
              assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
              assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
              assertThat(security.path("capabilities").has("add")).isFalse();
              assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
              assertThat(container.path("ports"))
                  .allSatisfy(port -> assertThat(port.has("hostPort")).isFalse());
            });
  }

  private static JsonNode only(String name, String rendered) throws Exception {
    List<JsonNode> found = named(name, rendered);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  /** The objects whose kind and name begin so. */
  private static List<JsonNode> named(String start, String rendered) throws Exception {
    return Chart.objects(rendered).stream()
        .filter(
            object ->
                (Chart.kind(object) + "/" + object.at("/metadata/name").asText()).startsWith(start))
        .toList();
  }
}
