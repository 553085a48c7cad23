package io.streamfleet.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a newcomer tries, with the real {@code kubectl} of the PATH; and with the oldest and the
 * newest of those that lie beside it as {@code kubectl.1.27}. Without one these are skipped.
 */
class KubectlTest {

  /** One answers within a second; a machine that does much else gives it more time. */
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();
  private Path kubeconfig = Path.of("");

  /** What it printed, and how it ended. */
  private record Run(int status, String output) {}

  static List<Path> versions() throws IOException {
    Optional<Path> onPath =
        Arrays.stream(
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator, -1))
            .map(it -> Path.of(it, "kubectl"))
            .filter(Files::isExecutable)
            .findFirst();
    if (onPath.isEmpty()) {
      return List.of(Path.of("kubectl"));
    }
    List<Path> found = new ArrayList<>(List.of(onPath.get()));
    try (Stream<Path> beside = Files.list(onPath.get().toRealPath().getParent())) {
      List<Path> versioned =
          beside
              .filter(it -> it.getFileName().toString().matches("kubectl\\.1\\.\\d+"))
              .sorted()
              .toList();
      if (!versioned.isEmpty()) {
        found.add(versioned.getFirst());
        found.add(versioned.getLast());
      }
    }
    return found;
  }

  @BeforeEach
  void begin() throws IOException {
    server.apply(Widgets.CRD);
    kubeconfig = server.kubeconfig().write(folder.resolve("kubeconfig"));
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private Run run(Path kubectl, String... arguments) throws Exception {
    assumeThat(kubectl).as("kubectl on the PATH").isExecutable();
    List<String> command =
        new ArrayList<>(List.of(kubectl.toString(), "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of("--cache-dir", folder.resolve("cache").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  private void succeeds(Path kubectl, String line) throws Exception {
    Run run = run(kubectl, line.split(" ", -1));
    assertThat(run.status()).as("kubectl %s: %s", line, run.output()).isZero();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatCreateBuildsIsMade(Path kubectl) throws Exception {
    succeeds(kubectl, "create namespace chat");
    succeeds(kubectl, "create secret generic redis -n chat --from-literal=password=hush");
    succeeds(
        kubectl,
        "create configmap words -n chat --from-literal=greeting=hello --from-literal=empty=");
    succeeds(kubectl, "create serviceaccount bot -n chat");
    succeeds(kubectl, "create deployment web -n chat --image=nginx:1 --port=80 --replicas=0");
    succeeds(kubectl, "create service clusterip web -n chat --tcp=80:8080");
    succeeds(kubectl, "create role reader -n chat --verb=get,list --resource=pods");
    succeeds(
        kubectl, "create poddisruptionbudget web -n chat --selector=app=web --min-available=50%");

    assertThat(client.namespaces().withName("chat").get()).isNotNull();
    Secret secret = client.secrets().inNamespace("chat").withName("redis").get();
    assertThat(secret.getData())
        .containsOnly(
            Map.entry("password", Base64.getEncoder().encodeToString("hush".getBytes(UTF_8))));
    assertThat(secret.getType()).isEqualTo("Opaque");
    ConfigMap map = client.configMaps().inNamespace("chat").withName("words").get();
    assertThat(map.getData()).containsOnly(Map.entry("greeting", "hello"), Map.entry("empty", ""));
    Deployment deployment = client.apps().deployments().inNamespace("chat").withName("web").get();
    assertThat(deployment.getSpec().getReplicas()).isZero();
    assertThat(deployment.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(deployment.getMetadata().getCreationTimestamp()).isNotBlank();
    assertThat(deployment.getSpec().getTemplate().getSpec().getContainers())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getImage()).isEqualTo("nginx:1");
              assertThat(it.getPorts())
                  .singleElement()
                  .returns(80, port -> port.getContainerPort());
            });
    Service service = client.services().inNamespace("chat").withName("web").get();
    assertThat(service.getSpec().getPorts().getFirst().getTargetPort().getIntVal()).isEqualTo(8080);
    Role role = client.rbac().roles().inNamespace("chat").withName("reader").get();
    assertThat(role.getRules().getFirst().getApiGroups()).containsExactly("");
    assertThat(
            client
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace("chat")
                .withName("web")
                .get()
                .getSpec()
                .getMinAvailable()
                .getStrVal())
        .isEqualTo("50%");

    succeeds(kubectl, "get all,secret,cm,sa -n chat");
    succeeds(kubectl, "scale deployment/web -n chat --replicas=1");
    succeeds(kubectl, "rollout status deployment/web -n chat --timeout=30s");
    succeeds(kubectl, "delete secret,configmap,deployment,service --all -n chat --wait=false");
    assertThat(client.secrets().inNamespace("chat").list().getItems()).isEmpty();
    assertThat(run(kubectl, "auth", "can-i", "create", "pods").output()).contains("yes");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatIsThereIsExplained(Path kubectl) throws Exception {
    Run widget = run(kubectl, "explain", "widgets.spec");
    assertThat(widget.output()).contains("KIND:", "Widget", "FIELDS:", "replicas", "<integer>");
    assertThat(run(kubectl, "explain", "widget").output()).contains("spec", "metadata");

    assertThat(run(kubectl, "explain", "deployment").output())
        .contains("KIND:", "Deployment", "apps", "spec", "<DeploymentSpec>", "kubernetes.io/docs");
    assertThat(run(kubectl, "explain", "deploy.spec.template.spec.containers").output())
        .contains("livenessProbe", "<Probe>", "image", "<string>", "<[]EnvVar>");
    assertThat(run(kubectl, "explain", "secret.data").output())
        .contains("data", "<map[string]string>");
    assertThat(run(kubectl, "explain", "pod.spec.volumes").output()).contains("emptyDir");
    assertThat(run(kubectl, "explain", "lease").output()).contains("KIND:", "Lease");
    assertThat(run(kubectl, "explain", "crd").output()).contains("CustomResourceDefinition");
    Run nothing = run(kubectl, "explain", "deployment.nothing");
    assertThat(nothing.output()).contains("field \"nothing\" does not exist");
    assertThat(nothing.status()).isNotZero();

    Run byVersion2 = run(kubectl, "explain", "deployment.spec", "--output=plaintext-openapiv2");
    assertThat(byVersion2.output()).contains("replicas", "<integer>", "strategy");
    assertThat(
            run(kubectl, "explain", "widgets", "--recursive", "--output=plaintext-openapiv2")
                .output())
        .contains("spec", "replicas");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void anUnknownFieldIsRefusedByTheServer(Path kubectl) throws Exception {
    Path manifest =
        Files.writeString(
            folder.resolve("widget.yaml"),
            """
            apiVersion: test.io/v1
            kind: Widget
            metadata: {name: w, namespace: default}
            spec: {size: 1, nothing: 2}
            """);

    assertThat(run(kubectl, "apply", "-f", manifest.toString()).output())
        .contains("unknown field", "nothing");
  }
}
