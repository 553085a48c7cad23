package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The life of a fleet on a cluster. */
class FleetLifeTest {

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  @Test
  void aResourceBecomesAFleetThatIsReady() {
    cluster.operator();

    cluster.apply("chat", "inbound: {handler: {builtin: Discard}}\nworkers: {replicas: 2}");

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(cluster.condition("chat", "Ready")).isEqualTo("True/AllAvailable"));
    Deployment deployment =
        cluster.client().apps().deployments().inNamespace("default").withName("chat-worker").get();
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
    assertThat(cluster.condition("chat", "RedisReachable")).isEqualTo("True/Answers");
    assertThat(cluster.redis().xinfoGroups("sg:stream:inbound").toString()).contains("sg:workers");
  }
}
