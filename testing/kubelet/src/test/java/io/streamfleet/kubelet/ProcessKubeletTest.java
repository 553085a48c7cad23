package io.streamfleet.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pods of an API server as processes of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessKubeletTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path folder = Path.of("");
  private ChildProcesses children;
  private ProcessKubelet kubelet;
  private ApiServer server;
  private KubernetesClient client;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    children = ChildProcesses.guarded(folder.resolve("processes"));
    kubelet =
        ProcessKubelet.in(
            List.of(new TinyServer.Image()),
            folder.resolve("pods"),
            folder.resolve("logs"),
            new RestartPace(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMinutes(1)),
            children);
    server = ApiServer.start(kubelet, 0);
    client = server.client();
  }

  @AfterAll
  void nothingButLogsIsLeft() throws IOException {
    List<Long> pids = kubelet.pods().stream().flatMap(pod -> pod.pid().stream().boxed()).toList();
    kubelet.close();
    client.close();
    server.close();
    children.close();
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("logs"));
    }
  }

  /** Makes a pod with a container of the tests' image and more of its spec. */
  private void pod(String name, String args, String container, String spec) {
    server.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: tiny}}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: tiny
              image: registry.example/test/tiny:1
              args: [%s]
              readinessProbe: {httpGet: {path: /unready, port: web}, periodSeconds: 1, failureThreshold: 1}
              volumeMounts:
                - {name: tmp, mountPath: /tmp}
        """
                .formatted(name, args)
            + container.indent(6)
            + "  volumes:\n    - {name: tmp, emptyDir: {}}\n"
            + spec.indent(2));
  }

  private Optional<ContainerStatus> status(String pod) {
    Pod found = client.pods().withName(pod).get();
    return found == null || found.getStatus() == null
        ? Optional.empty()
        : found.getStatus().getContainerStatuses().stream().findFirst();
  }

  private void awaitReady(String pod) {
    await().atMost(PATIENCE).until(() -> status(pod).filter(ContainerStatus::getReady).isPresent());
  }

  private String waiting(String pod) {
    return status(pod)
        .map(it -> it.getState().getWaiting())
        .map(it -> it.getReason() + ": " + it.getMessage())
        .orElse("");
  }

  private List<String> events(String pod) {
    return client.v1().events().list().getItems().stream()
        .filter(it -> it.getInvolvedObject().getName().equals(pod))
        .map(Event::getReason)
        .toList();
  }

  private Path tmp(String pod) {
    return folder.resolve("pods/default_" + pod + "/volumes/tmp");
  }

  @Test
  void aPodGetsItsArgumentsItsEnvironmentAndItsFiles() throws IOException {
    server.apply("{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {a: '1'}}");
    pod(
        "told",
        "--file, /etc/key/a, \"$(GREETING)!\"",
        """
          - {name: key, mountPath: /etc/key, readOnly: true}
        env:
          - {name: GREETING, value: hello}
          - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          - {name: LATE, valueFrom: {configMapKeyRef: {name: late, key: word}}}
        """,
        "  - {name: key, secret: {secretName: key}}\n");
    await().atMost(PATIENCE).until(() -> waiting("told").contains("configmap \"late\" not found"));
    assertThat(events("told")).contains("FailedMount");
    server.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: late}, data: {word: x}}");

    awaitReady("told");

    Path file = folder.resolve("pods/default_told").resolve("root/etc/key/a").toAbsolutePath();
    assertThat(kubelet.log("default", "told").orElseThrow())
        .contains("said [--file, " + file + ", hello!]")
        .contains("told hello as told")
        .contains("secret null");
    assertThat(file).hasContent("1");
    Pod pod = client.pods().withName("told").get();
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry(
            ProcessKubelet.PORT,
            Integer.toString(kubelet.pod("default", "told").orElseThrow().port().orElseThrow()));

    server.apply("{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {a: '2'}}");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(file).hasContent("2"));
  }

  @Test
  void volumesOfAllKindsThatComeFromTheApiServerAreFolders() {
    server.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: texts}
        data: {a: "1", b: "2"}
        binaryData: {c: Mw==}
        """);
    server.apply("{apiVersion: v1, kind: Secret, metadata: {name: pass}, stringData: {word: x}}");
    pod(
        "mounted",
        "",
        """
          - {name: one, mountPath: /one}
          - {name: all, mountPath: /all}
          - {name: self, mountPath: /self}
          - {name: mixed, mountPath: /mixed}
          - {name: none, mountPath: /none}
        envFrom:
          - {prefix: X_, configMapRef: {name: texts}}
          - {secretRef: {name: pass}}
        env:
          - {name: GREETING, valueFrom: {secretKeyRef: {name: pass, key: word}}}
          - {name: POD_NAME, value: "$(X_a)-$(word)-$(none)"}
        """,
        """
          - {name: one, configMap: {name: texts, items: [{key: b, path: sub/b}]}}
          - {name: all, configMap: {name: texts}}
          - {name: none, secret: {secretName: missing, optional: true}}
          - name: self
            downwardAPI:
              items:
                - {path: labels, fieldRef: {fieldPath: metadata.labels}}
                - {path: app, fieldRef: {fieldPath: "metadata.labels['app']"}}
          - name: mixed
            projected:
              sources:
                - {configMap: {name: texts, items: [{key: a, path: a}]}}
                - {secret: {name: pass}}
                - {downwardAPI: {items: [{path: ns, fieldRef: {fieldPath: metadata.namespace}}]}}
        """);

    awaitReady("mounted");

    Path root = folder.resolve("pods/default_mounted/root");
    assertThat(root.resolve("one/sub/b")).hasContent("2");
    assertThat(root.resolve("all/c")).hasContent("3");
    assertThat(root.resolve("self/labels")).hasContent("app=\"tiny\"");
    assertThat(root.resolve("self/app")).hasContent("tiny");
    assertThat(root.resolve("mixed/a")).hasContent("1");
    assertThat(root.resolve("mixed/word")).hasContent("x");
    assertThat(root.resolve("mixed/ns")).hasContent("default");
    assertThat(root.resolve("none")).isEmptyDirectory();
    assertThat(kubelet.pod("default", "mounted").orElseThrow().said())
        .contains("told x as 1-x-$(none)");
  }

  @Test
  void probesDecideWhoIsReadyAndWhoIsRestarted() throws IOException {
    pod(
        "probed",
        "",
        """
        livenessProbe: {httpGet: {path: /dead, port: web}, periodSeconds: 1, failureThreshold: 2}
        """,
        "");
    awaitReady("probed");
    Files.createFile(tmp("probed").resolve("unready"));
    await().atMost(PATIENCE).until(() -> status("probed").filter(it -> !it.getReady()).isPresent());
    assertThat(status("probed").orElseThrow().getRestartCount()).isZero();
    Files.delete(tmp("probed").resolve("unready"));
    awaitReady("probed");

    Files.createFile(tmp("probed").resolve("dead"));
    await()
        .atMost(PATIENCE)
        .until(() -> status("probed").filter(it -> it.getRestartCount() > 0).isPresent());
    Files.delete(tmp("probed").resolve("dead"));
    awaitReady("probed");
    assertThat(events("probed")).contains("Started", "Unhealthy", "Killing");
  }

  @Test
  void whatCrashesIsStartedAgainEverLater() {
    pod("crashing", "", "", "");
    awaitReady("crashing");
    PodProcess process = kubelet.pod("default", "crashing").orElseThrow();
    long first = process.pid().orElseThrow();
    process.kill();
    await()
        .atMost(PATIENCE)
        .until(() -> status("crashing").filter(it -> it.getRestartCount() == 1).isPresent());
    awaitReady("crashing");
    assertThat(process.pid().orElseThrow()).isNotEqualTo(first);
    assertThat(status("crashing").orElseThrow().getLastState().getTerminated().getExitCode())
        .isEqualTo(137);

    process.kill();
    await()
        .atMost(PATIENCE)
        .until(() -> status("crashing").filter(it -> it.getRestartCount() == 2).isPresent());
    awaitReady("crashing");
    assertThat(events("crashing")).contains("BackOff");
  }

  @Test
  void aListenerHearsOfEachProcess() {
    List<String> heard = new CopyOnWriteArrayList<>();
    kubelet.listen(
        new ProcessListener() {
          @Override
          public void started(PodProcess pod) {
            heard.add(pod.name() + " started");
          }

          @Override
          public void toldToEnd(PodProcess pod) {
            heard.add(pod.name() + " told");
          }

          @Override
          public void ended(PodProcess pod, int status) {
            heard.add(pod.name() + " ended " + status);
          }
        });
    pod("heard", "", "", "");
    awaitReady("heard");
    kubelet.pod("default", "heard").orElseThrow().kill();
    await()
        .atMost(PATIENCE)
        .until(() -> status("heard").filter(it -> it.getRestartCount() == 1).isPresent());
    awaitReady("heard");
    client.pods().withName("heard").delete();
    await().atMost(PATIENCE).until(() -> client.pods().withName("heard").get() == null);

    assertThat(heard)
        .containsSubsequence(
            "heard started", "heard ended 137", "heard started", "heard told", "heard ended 143");
  }

  @Test
  void whatDoesNotEndIsKilledAfterItsGracePeriod() {
    pod("stubborn", "deaf", "", "");
    awaitReady("stubborn");
    long pid = kubelet.pod("default", "stubborn").orElseThrow().pid().orElseThrow();

    client.pods().withName("stubborn").delete();

    await().atMost(PATIENCE).until(() -> client.pods().withName("stubborn").get() == null);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(folder.resolve("pods/default_stubborn")).doesNotExist();
    assertThat(kubelet.log("default", "stubborn")).isPresent();
  }

  @Test
  void anImageThatIsNotKnownSaysSoAndHowToGoOn() {
    server.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: foreign}
        spec:
          initContainers: [{name: bot, image: "ghcr.io/stargazer/bot:1", restartPolicy: Always}]
          containers: [{name: tiny, image: test/tiny}]
        """);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(waiting("foreign"))
                    .contains("CannotRunImage: container bot: image ghcr.io/stargazer/bot:1")
                    .contains("start what is in it yourself"));
    assertThat(events("foreign")).containsExactly("CannotRunImage");
    assertThat(kubelet.pod("default", "foreign")).isEmpty();
    client.pods().withName("foreign").delete();
    assertThat(client.pods().withName("foreign").get()).isNull();
  }
}
