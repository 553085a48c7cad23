package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.change;
import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody changes of ours is put right; what somebody adds stays. */
@Tag(TestCluster.TAG)
class DriftTest {

  @AutoClose private static TestCluster cluster;
  private static LiveFleet fleet;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
    fleet = cluster.fleet("drift", "workers: {replicas: 2}");
  }

  @BeforeEach
  void allIsWell() {
    fleet.becomesReady();
  }

  @Test
  void anImageThatWasChangedByHand() {
    String image = worker().getImage();
    change(
        fleet.deployment(),
        it ->
            it.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .setImage("somebody/else:1"));

    eventually(() -> assertThat(worker().getImage()).isEqualTo(image));
  }

  private static Container worker() {
    return fleet.deployment().get().getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  @Test
  void replicasThatWereScaledByHand() {
    fleet.deployment().scale(5);

    eventually(() -> assertThat(fleet.deployment().get().getSpec().getReplicas()).isEqualTo(2));
  }

  @Test
  void aLabelThatWasChangedOrRemoved() {
    change(
        fleet.deployment(),
        it -> it.getMetadata().getLabels().put("app.kubernetes.io/component", "mine"));
    eventually(
        () ->
            assertThat(fleet.deployment().get().getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/component", "worker"));

    change(
        fleet.deployment(),
        it -> it.getMetadata().getLabels().remove("app.kubernetes.io/managed-by"));

    eventually(
        () ->
            assertThat(fleet.deployment().get().getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/managed-by", "streamfleet-operator"));
  }

  @Test
  void whatTheWorkersReadWhenItWasChangedOrDeleted() {
    Map<String, String> data = fleet.configMap().get().getData();
    change(fleet.configMap(), it -> it.setData(Map.of("manifest.yaml", "broken")));
    eventually(() -> assertThat(fleet.configMap().get().getData()).isEqualTo(data));

    fleet.configMap().delete();

    eventually(() -> assertThat(fleet.configMap().get().getData()).isEqualTo(data));
  }

  @Test
  void aPortOfTheService() {
    int port = fleet.service().get().getSpec().getPorts().getFirst().getPort();
    change(fleet.service(), it -> it.getSpec().getPorts().getFirst().setPort(1));

    eventually(
        () ->
            assertThat(fleet.service().get().getSpec().getPorts())
                .extracting(it -> it.getPort())
                .containsExactly(port));
  }

  @Test
  void aPortOfTheWorkers() {
    int port = worker().getPorts().getFirst().getContainerPort();
    change(
        fleet.deployment(),
        it ->
            it.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getPorts()
                .getFirst()
                .setContainerPort(1));

    eventually(
        () ->
            assertThat(worker().getPorts())
                .extracting(ContainerPort::getContainerPort)
                .containsExactly(port));
  }

  @Test
  void aBudgetThatWasWidenedOrDeleted() {
    var allowed = fleet.budget().get().getSpec().getMaxUnavailable();
    change(
        fleet.budget(),
        it ->
            it.getSpec()
                .setMaxUnavailable(new io.fabric8.kubernetes.api.model.IntOrString("100%")));
    eventually(
        () -> assertThat(fleet.budget().get().getSpec().getMaxUnavailable()).isEqualTo(allowed));

    fleet.budget().delete();

    eventually(
        () -> assertThat(fleet.budget().get().getSpec().getMaxUnavailable()).isEqualTo(allowed));
  }

  @Test
  void aDeploymentThatWasDeletedComesAgain() {
    String uid = fleet.deployment().get().getMetadata().getUid();
    fleet.deployment().delete();

    eventually(() -> assertThat(fleet.deployment().get().getMetadata().getUid()).isNotEqualTo(uid));
  }

  @Test
  void whatOthersAddStays() {
    String mark = UUID.randomUUID().toString();
    change(
        fleet.deployment(),
        it -> {
          it.getMetadata().getLabels().put("team", mark);
          it.getMetadata().getAnnotations().put("example.com/note", mark);
          it.getSpec()
              .getTemplate()
              .getSpec()
              .getContainers()
              .getFirst()
              .getEnv()
              .add(new EnvVar("PROXY", mark, null));
          // And something of ours, to see that it was looked at and written.
          it.getSpec().setReplicas(4);
        });
    eventually(() -> assertThat(fleet.deployment().get().getSpec().getReplicas()).isEqualTo(2));

    var deployment = Objects.requireNonNull(fleet.deployment().get());
    assertThat(deployment.getMetadata().getLabels()).containsEntry("team", mark);
    assertThat(deployment.getMetadata().getAnnotations()).containsEntry("example.com/note", mark);
    assertThat(deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .contains(new EnvVar("PROXY", mark, null))
        .anySatisfy(env -> assertThat(env.getName()).isEqualTo("POD_NAME"));
  }
}
