package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change of the resource reaches the workers, and rolls them only if it has to. */
@Tag(TestCluster.TAG)
class ChangeTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @Test
  void anotherHandlerRollsThePods() {
    LiveFleet fleet = cluster.fleet("handler", "").becomesReady();
    Set<String> before = fleet.podNames();
    String manifest = fleet.configMap().get().getData().get("manifest.yaml");

    fleet.applyWhole(
        cluster.redisUrl(),
        "inbound: {streams: [\"handler:in\"], group: workers, handler: {builtin: Log}}");

    eventually(() -> assertThat(fleet.podNames()).hasSize(1).doesNotContainAnyElementsOf(before));
    fleet.becomesReady();
    assertThat(fleet.configMap().get().getData().get("manifest.yaml"))
        .isNotEqualTo(manifest)
        .contains("Log");
  }

  @Test
  void whatIsLiveIsBroughtToThePodsAndRollsNone() {
    LiveFleet fleet = cluster.fleet("live", "").becomesReady();
    Set<String> before = fleet.podNames();
    Long deployed = fleet.deployment().get().getMetadata().getGeneration();

    fleet.apply("read: {maxInFlight: 77}\nretry: {maxAttempts: 2}");

    eventually(
        () ->
            assertThat(fleet.configMap().get().getData().get("manifest.yaml"))
                .contains("maxInFlight: 77"));
    eventually(
        () ->
            assertThat(fleet.status().observedGeneration())
                .isEqualTo(fleet.now().getMetadata().getGeneration()));
    assertThat(fleet.deployment().get().getMetadata().getGeneration()).isEqualTo(deployed);
    assertThat(fleet.podNames()).isEqualTo(before);

    fleet.apply("read: {maxInFlight: 77, block: 4s}\nretry: {maxAttempts: 2}");

    eventually(() -> assertThat(fleet.podNames()).hasSize(1).doesNotContainAnyElementsOf(before));
  }

  @Test
  void anotherNumberOfWorkersRollsNone() {
    LiveFleet fleet = cluster.fleet("number", "workers: {replicas: 1}").becomesReady();
    Set<String> before = fleet.podNames();
    assertThat(fleet.budget().get()).isNull();

    fleet.apply("workers: {replicas: 3}");

    eventually(() -> assertThat(fleet.podNames()).hasSize(3).containsAll(before));
    eventually(() -> assertThat(fleet.budget().get()).isNotNull());
    fleet.apply("workers: {replicas: 1}");
    eventually(() -> assertThat(fleet.podNames()).hasSize(1));
    eventually(() -> assertThat(fleet.budget().get()).isNull());
  }

  @Test
  void annotationsAndCompanionsOfThePodsComeAndGo() {
    LiveFleet fleet =
        cluster
            .fleet(
                "companions",
                """
                workers:
                  podAnnotations: {example.com/owner: chat}
                  sidecars:
                    - name: bot
                      image: "%s"
                      # A sidecar that ends keeps its pod from being ready. This runs until it is told to end.
                      command: [/sbin/init, /opt/java/bin/java, -m, jdk.httpserver, -p, "0"]
                """
                    .formatted(cluster.workerImage()))
            .becomesReady();
    assertThat(fleet.pods())
        .singleElement()
        .satisfies(
            pod -> {
              assertThat(pod.getMetadata().getAnnotations())
                  .containsEntry("example.com/owner", "chat");
              assertThat(pod.getSpec().getInitContainers())
                  .singleElement()
                  .satisfies(
                      it -> {
                        assertThat(it.getName()).isEqualTo("bot");
                        assertThat(it.getRestartPolicy()).isEqualTo("Always");
                      });
            });

    fleet.apply("");

    eventually(
        () ->
            assertThat(fleet.pods())
                .singleElement()
                .satisfies(
                    pod -> {
                      assertThat(pod.getMetadata().getAnnotations())
                          .doesNotContainKey("example.com/owner");
                      assertThat(pod.getSpec().getInitContainers()).isEmpty();
                    }));
  }

  @Test
  void theResourceItselfCanBeScaled() {
    LiveFleet fleet = cluster.fleet("scaled", "").becomesReady();

    cluster
        .client()
        .genericKubernetesResources("streamfleet.io/v1alpha1", "StreamConsumerGroup")
        .inNamespace(cluster.namespace())
        .withName("scaled")
        .scale(3);

    eventually(() -> assertThat(fleet.podNames()).hasSize(3));
    fleet.becomesReady();
    eventually(() -> assertThat(fleet.status().replicas()).isEqualTo(3));
    assertThat(fleet.status().workers()).isEqualTo("3/3");
    assertThat(fleet.status().selector()).contains("streamfleet.io/group=scaled");
    fleet.apply("workers: {replicas: 0}");
    fleet.becomes("Ready", "True/ScaledToZero");
  }

  @Test
  void aFleetThatRollsIsNotReadyUntilAllIsNew() {
    EmbeddedCluster embedded = cluster.embedded("pods are held unready");
    LiveFleet fleet = cluster.fleet("rolling", "workers: {replicas: 2}").becomesReady();
    Set<String> before = fleet.podNames();

    fleet.apply("workers: {replicas: 2, image: \"streamfleet/worker:slow\"}");

    fleet.becomes("Ready", "False/Progressing");
    eventually(
        () ->
            assertThat(fleet.status().observedGeneration())
                .isEqualTo(fleet.now().getMetadata().getGeneration()));
    eventually(() -> assertThat(fleet.podNames()).hasSize(3).containsAll(before));
    assertThat(fleet.condition("WorkersAvailable")).isEqualTo("False/Progressing");
    eventually(
        () -> {
          embedded.kubelet().getReady();
          assertThat(fleet.podNames()).hasSize(2).doesNotContainAnyElementsOf(before);
        });
    fleet.becomesReady();
  }

  @Test
  void aWorkerThatIsLostLaterIsNoRollOut() {
    EmbeddedCluster embedded = cluster.embedded("pods are held unready");
    LiveFleet fleet =
        cluster.fleet("lost", "workers: {replicas: 2, image: \"streamfleet/worker:slow\"}");
    eventually(() -> assertThat(fleet.status().replicas()).isEqualTo(2));
    assertThat(fleet.condition("Ready")).isEqualTo("False/Progressing");
    eventually(
        () -> {
          embedded.kubelet().getReady();
          assertThat(fleet.condition("Ready")).isEqualTo("True/AllAvailable");
        });

    cluster.client().resource(fleet.pods().getFirst()).delete();

    fleet.becomes("Ready", "False/WorkersUnavailable");
  }

  @Test
  void podsThatNoNodeTakesAreNamedWithTheSchedulersReason() {
    cluster.embedded("no node has room");
    LiveFleet fleet =
        cluster.fleet("homeless", "workers: {image: \"streamfleet/worker:unschedulable\"}");

    eventually(
        () ->
            assertThat(fleet.message("Ready"))
                .contains("0 of 1 workers are available")
                .contains("homeless-worker-")
                .endsWith("Unschedulable, 0/3 nodes are available: 3 Insufficient memory."));
    assertThat(fleet.message("WorkersAvailable")).isEqualTo(fleet.message("Ready"));
  }

  /** The kubelet says it in an Event; the status of the pod has nothing to say of it. */
  @Test
  void aVolumeThatCannotBeMountedIsNamed() {
    EmbeddedCluster embedded = cluster.embedded("pods wait without a word, and time passes");
    LiveFleet fleet =
        cluster.fleet("unmounted", "workers: {image: \"streamfleet/worker:unmounted\"}");
    eventually(() -> assertThat(fleet.pods()).hasSize(1));
    String pod = fleet.podNames().iterator().next();
    String failure = "MountVolume.SetUp failed for volume \"data\": no such disk";
    embedded.says(pod, "FailedMount", failure);

    embedded.clock().forward(Duration.ofSeconds(20));
    fleet.touch();

    eventually(
        () -> assertThat(fleet.message("Ready")).endsWith(pod + ", FailedMount, " + failure));
  }

  @Test
  void aRollOutThatGetsNowhereSaysSoAndWhy() {
    EmbeddedCluster embedded = cluster.embedded("an image cannot be pulled, and ten minutes pass");
    LiveFleet fleet = cluster.fleet("nowhere", "workers: {replicas: 2}").becomesReady();
    Set<String> before = fleet.podNames();

    fleet.apply("workers: {replicas: 2, image: \"streamfleet/worker:unpullable\"}");

    fleet.becomes("Ready", "False/Progressing");
    eventually(() -> assertThat(fleet.message("Ready")).contains("worker: ImagePullBackOff"));
    assertThat(fleet.podNames()).containsAll(before);

    embedded.clock().forward(Duration.ofMinutes(11));
    fleet.touch();

    fleet.becomes("Ready", "False/ProgressDeadlineExceeded");
    assertThat(fleet.message("Ready")).contains("ImagePullBackOff");
    assertThat(fleet.podNames()).containsAll(before);

    fleet.apply("workers: {replicas: 2}");

    fleet.becomesReady();
    assertThat(fleet.podNames()).isEqualTo(before);
  }
}
