package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Secret or ConfigMap that a resource names may come late, change, and go. */
@Tag(TestCluster.TAG)
class MissingReferencesTest {

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  private static Resource<Secret> secret(String name, Map<String, String> data) {
    return cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(cluster.namespace())
                .endMetadata()
                .withStringData(data)
                .build());
  }

  private static LiveFleet fleetOf(String name, String secret) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), name);
    fleet.applySpec(
        """
        redis: {url: "%s", credentialsSecret: {name: %s}}
        inbound: {streams: ["%s:in"], group: workers, handler: {builtin: Discard}}
        """
            .formatted(cluster.redisUrl(), secret, name));
    return fleet;
  }

  private static void user(String name, String password) {
    cluster
        .redis()
        .aclSetuser(
            name,
            AclSetuserArgs.Builder.resetpass()
                .on()
                .addPassword(password)
                .allKeys()
                .allChannels()
                .allCommands());
  }

  @Test
  void aSecretOfRedisThatIsMissingIsNamedUntilItIsMade() {
    LiveFleet fleet = fleetOf("late", "redis-login");

    fleet
        .becomes("ReferencesResolved", "False/SecretNotFound")
        .becomes("RedisReachable", "False/SecretMissing")
        .becomes("Ready", "False/SecretNotFound");
    assertThat(fleet.message("ReferencesResolved"))
        .contains("redis-login", "spec.redis.credentialsSecret", cluster.namespace());
    assertThat(fleet.message("RedisReachable")).contains("redis-login");
    eventually(() -> assertThat(fleet.events("ReferenceMissing")).hasSize(1));
    assertThat(fleet.deployment().get()).isNotNull();

    user("late", "first-secret");
    secret("redis-login", Map.of("username", "late", "password", "first-secret")).create();

    fleet
        .becomes("ReferencesResolved", "True/AllFound")
        .becomes("RedisReachable", "True/Answers")
        .becomesReady();
    assertThat(fleet.group()).isNotEmpty();
  }

  @Test
  void aConfigMapOfAVariableMayComeAndGo() {
    LiveFleet fleet =
        cluster.fleet(
            "variable",
            """
            workers:
              env: [{name: MODE, valueFrom: {configMapKeyRef: {name: modes, key: mode}}}]
            """);
    fleet.becomes("ReferencesResolved", "False/ConfigMapNotFound");
    assertThat(fleet.message("ReferencesResolved"))
        .contains("modes", "spec.workers.env[0].valueFrom.configMapKeyRef");
    var modes =
        cluster
            .client()
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("modes")
                    .withNamespace(cluster.namespace())
                    .endMetadata()
                    .addToData("mode", "fast")
                    .build());

    modes.create();
    fleet.becomes("ReferencesResolved", "True/AllFound").becomesReady();

    modes.delete();
    fleet
        .becomes("ReferencesResolved", "False/ConfigMapNotFound")
        .becomes("Ready", "False/ConfigMapNotFound");
  }

  @Test
  void credentialsMayBeRotatedWithoutARestart() {
    user("rotated", "old-secret");
    secret("rotating", Map.of("username", "rotated", "password", "old-secret")).create();
    LiveFleet fleet = fleetOf("rotated", "rotating");
    fleet.becomes("RedisReachable", "True/Answers");

    user("rotated", "new-secret");
    assertThat(cluster.redis().clientKill(KillArgs.Builder.user("rotated"))).isPositive();
    fleet.becomes("RedisReachable", "False/AuthenticationFailed");
    assertThat(fleet.message("RedisReachable")).doesNotContain("old-secret");
    secret("rotating", Map.of("username", "rotated", "password", "new-secret")).serverSideApply();

    fleet.becomes("RedisReachable", "True/Answers");
    eventually(() -> assertThat(fleet.events("RedisReachable")).hasSize(1));
  }
}
