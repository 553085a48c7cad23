package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.change;
import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is called as something of a fleet's would be, and is somebody else's, stays theirs. */
@Tag(TestCluster.TAG)
class TakenNamesTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  private static void theirs(LiveFleet fleet) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(fleet.name() + "-config")
                .withNamespace(fleet.namespace())
                .endMetadata()
                .addToData("mine", "precious")
                .build())
        .create();
  }

  @Test
  void aConfigMapOfSomebodyElseIsNotTouchedAndTheFleetComesOnceItIsGone() {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "taken");
    theirs(fleet);

    fleet.apply("");

    fleet.becomes("Ready", "False/ApplyFailed");
    assertThat(fleet.message("Ready"))
        .contains("ConfigMap taken-config already exists and does not belong to this fleet");
    assertThat(fleet.message("WorkersAvailable")).contains("Deployment does not exist");
    ConfigMap theirs = fleet.configMap().get();
    assertThat(theirs.getData()).isEqualTo(Map.of("mine", "precious"));
    assertThat(theirs.getMetadata().getOwnerReferences()).isEmpty();

    fleet.configMap().delete();

    fleet.becomesReady();
  }

  @Test
  void ourOwnThatLostItsLabelsIsStillOurs() {
    LiveFleet fleet = cluster.fleet("unlabelled", "").becomesReady();

    change(fleet.configMap(), it -> it.getMetadata().setLabels(Map.of()));

    eventually(
        () ->
            assertThat(fleet.configMap().get().getMetadata().getLabels())
                .containsEntry("streamfleet.io/group", "unlabelled"));
    fleet.becomesReady();
  }

  @Test
  void aGroupThatIsNotReadAnyMoreIsToldOf() {
    LiveFleet fleet = cluster.fleet("moved", "").becomesReady();

    fleet.applyWhole(
        cluster.redisUrl(),
        "inbound: {streams: [\"moved:in\"], group: others, handler: {builtin: Discard}}");

    fleet.becomesReady();
    eventually(
        () ->
            assertThat(fleet.events("GroupLeft"))
                .singleElement()
                .satisfies(
                    event ->
                        assertThat(event.getMessage())
                            .contains("consumer group workers of stream moved:in")));
    assertThat(fleet.group()).isNotEmpty();
  }
}
