package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.change;
import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** KEDA scales the workers, and Prometheus finds them, where a cluster has these. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutoscalingTest {

  private static final String SCALED =
      "autoscaling: {minReplicas: %d, maxReplicas: 6, lagPerReplica: 100}";

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new EmbeddedCluster();
    cluster.operator();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Resource<GenericKubernetesResource> of(
      LiveFleet fleet, String apiVersion, String kind, String suffix) {
    return cluster
        .client()
        .genericKubernetesResources(apiVersion, kind)
        .inNamespace(cluster.namespace())
        .withName(fleet.name() + suffix);
  }

  private static Resource<GenericKubernetesResource> scaledObject(LiveFleet fleet) {
    return of(fleet, "keda.sh/v1alpha1", "ScaledObject", "-worker");
  }

  private static int replicas(LiveFleet fleet) {
    return Objects.requireNonNull(fleet.deployment().get()).getSpec().getReplicas();
  }

  /** Installs APIs of others, reduced to their names. */
  static void install(EmbeddedCluster cluster) {
    try (InputStream crds =
        Objects.requireNonNull(AutoscalingTest.class.getResourceAsStream("foreign-crds.yaml"))) {
      cluster.server().apply(new String(crds.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(1)
  void whatIsMissingIsSaidAndFoundOnceItIsInstalled() {
    LiveFleet fleet =
        cluster.fleet(
            "early",
            SCALED.formatted(0) + "\nmonitoring: {podMonitor: true}\nworkers: {replicas: 4}");

    fleet
        .becomesReady()
        .becomes("AutoscalingAvailable", "False/KedaNotInstalled")
        .becomes("MonitoringAvailable", "False/PodMonitorApiMissing");
    assertThat(replicas(fleet)).isEqualTo(1);
    eventually(() -> assertThat(fleet.events("AutoscalingUnavailable")).hasSize(1));

    install(cluster);

    fleet
        .becomes("AutoscalingAvailable", "True/ScaledObjectApplied")
        .becomes("MonitoringAvailable", "True/PodMonitorApplied");
    assertThat(scaledObject(fleet).get().<Integer>get("spec", "maxReplicaCount")).isEqualTo(6);
    assertThat(of(fleet, "monitoring.coreos.com/v1", "PodMonitor", "-worker").get()).isNotNull();
  }

  @Test
  @Order(2)
  void theNumberOfWorkersIsTheAutoscalersAndAllElseIsOurs() {
    LiveFleet fleet = cluster.fleet("theirs", SCALED.formatted(2)).becomesReady();
    assertThat(replicas(fleet)).isEqualTo(2);
    eventually(() -> assertThat(scaledObject(fleet).get()).isNotNull());

    fleet.deployment().scale(5);
    fleet.becomesReady();
    change(
        fleet.deployment(),
        it -> it.getMetadata().getLabels().put("app.kubernetes.io/component", "mine"));

    eventually(
        () ->
            assertThat(fleet.deployment().get().getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/component", "worker"));
    assertThat(replicas(fleet)).isEqualTo(5);
    eventually(() -> assertThat(fleet.status().workers()).isEqualTo("5/5"));

    change(
        scaledObject(fleet), it -> it.<Map<String, Object>>get("spec").put("maxReplicaCount", 60));
    eventually(
        () ->
            assertThat(scaledObject(fleet).get().<Integer>get("spec", "maxReplicaCount"))
                .isEqualTo(6));

    fleet.apply("workers: {replicas: 3}");

    eventually(() -> assertThat(scaledObject(fleet).get()).isNull());
    eventually(() -> assertThat(replicas(fleet)).isEqualTo(3));
    fleet.becomes("AutoscalingAvailable", "");
  }

  @Test
  @Order(3)
  void whatCouldNotBeDeletedIsNotForgotten() {
    LiveFleet fleet = cluster.fleet("stubborn", SCALED.formatted(1)).becomesReady();
    eventually(() -> assertThat(scaledObject(fleet).get()).isNotNull());
    cluster
        .server()
        .fail(
            request ->
                request.verb().equals("delete") && request.resource().equals("scaledobjects"),
            500,
            // The client itself tries some times.
            40);

    fleet.apply("");
    fleet.becomes("Ready", "False/ApplyFailed");
    cluster.server().stopFailing();

    eventually(() -> assertThat(scaledObject(fleet).get()).isNull());
    fleet.becomesReady().becomes("AutoscalingAvailable", "");
  }

  @Test
  @Order(4)
  void whatIsNoLongerAskedForInAPauseGoesAfterIt() {
    LiveFleet fleet = cluster.fleet("napping", SCALED.formatted(1)).becomesReady();
    eventually(() -> assertThat(scaledObject(fleet).get()).isNotNull());

    fleet.apply("paused: true");
    fleet
        .becomes("Paused", "True/PausedBySpec")
        .becomes("AutoscalingAvailable", "Unknown/NotRemovedYet");
    assertThat(scaledObject(fleet).get()).isNotNull();

    fleet.apply("");

    eventually(() -> assertThat(scaledObject(fleet).get()).isNull());
    fleet.becomes("AutoscalingAvailable", "");
  }
}
