package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of a fleet on a cluster, from its first apply to its last delete. */
@Tag(TestCluster.TAG)
class FleetLifeTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @Test
  void aResourceBecomesAFleetThatIsReady() {
    LiveFleet fleet = cluster.fleet("chat", "workers: {replicas: 2}");

    fleet.becomesReady().becomes("RedisReachable", "True/Answers");

    assertThat(fleet.deployment().get().getSpec().getReplicas()).isEqualTo(2);
    assertThat(fleet.status().workers()).isEqualTo("2/2");
    assertThat(fleet.group()).containsEntry("last-delivered-id", "0-0");
    assertThat(fleet.configMap().get().getData()).containsOnlyKeys("manifest.yaml");
    assertThat(fleet.service().get().getSpec().getClusterIP()).isEqualTo("None");
  }

  @Test
  void whatIsMadeOfAResourceBelongsToIt() {
    LiveFleet fleet = cluster.fleet("owner", "workers: {replicas: 2}").becomesReady();
    String uid = fleet.now().getMetadata().getUid();

    assertThat(
            List.of(
                fleet.deployment().get(),
                fleet.configMap().get(),
                fleet.service().get(),
                fleet.budget().get()))
        .allSatisfy(
            child ->
                assertThat(child.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(
                        owner -> {
                          assertThat(owner.getUid()).isEqualTo(uid);
                          assertThat(owner.getController()).isTrue();
                        }));
  }
}
