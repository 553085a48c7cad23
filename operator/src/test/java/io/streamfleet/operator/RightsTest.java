package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The rights that come with the operator are those that it uses: all of them, and no others. */
class RightsTest {

  private static final Path FILES = Path.of("rbac");

  /** Everybody may, by the role system:basic-user that every cluster has. */
  private static final Set<String> EVERYBODYS = Set.of("authorization.k8s.io");

  /** What the admission plugin OwnerReferencesPermissionEnforcement asks for, and no call does. */
  private static final Right FOR_OWNERS =
      new Right("update", "streamfleet.io", "streamconsumergroups/finalizers");

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  @Test
  void allThatTheOperatorDoesIsAllowedAndNothingElse() throws IOException {
    AutoscalingTest.install(cluster);
    StreamfleetOperator operator = cluster.operator();
    aFullLife();
    operator.close();

    Set<Right> used =
        cluster.requests().stream()
            .filter(request -> !EVERYBODYS.contains(request.group()))
            .map(Right::of)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<Right> allowed =
        Stream.of("operator.yaml", "leader-election.yaml", "keda.yaml", "monitoring.yaml")
            .flatMap(file -> rules(file).stream())
            .flatMap(rule -> rights(rule).stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(used).as("done without a right").isSubsetOf(allowed);
    allowed.removeAll(used);
    allowed.removeIf(right -> isForApply(right, used));
    allowed.remove(FOR_OWNERS);
    assertThat(allowed).as("rights that nobody uses").isEmpty();
  }

  /** To apply something that is not there takes the right to create it, too. */
  private static boolean isForApply(Right right, Set<Right> used) {
    return right.verb().equals("create")
        && used.contains(new Right("patch", right.group(), right.resource()));
  }

  /** Everything that a resource can ask for, changed, lost, and removed. */
  @SuppressWarnings("unchecked") // An array of streams, made by the compiler.
  private void aFullLife() {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("login")
                .withNamespace(cluster.namespace())
                .endMetadata()
                // The default user needs none, so any is right.
                .addToStringData("password", "any")
                .build())
        .create();
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "whole");
    String spec =
        """
        redis: {url: "%s", credentialsSecret: {name: login}}
        inbound: {streams: ["whole:in"], group: workers, handler: {builtin: Discard}}
        workers: {replicas: 2}
        """
            .formatted(cluster.redisUrl());
    String more =
        """
        networkPolicy: {enabled: true}
        monitoring: {podMonitor: true}
        autoscaling: {minReplicas: 2, maxReplicas: 3, lagPerReplica: 10}
        deletionPolicy: Delete
        """;
    fleet.applySpec(spec + more);
    fleet.becomesReady().becomes("RedisReachable", "True/Answers");
    fleet.becomes("AutoscalingAvailable", "True/ScaledObjectApplied");
    String gone = fleet.podNames().iterator().next();
    cluster.redis().xadd("whole:in", Map.of("n", "1"));
    cluster
        .redis()
        .xreadgroup(
            Consumer.from("workers", gone), XReadArgs.StreamOffset.lastConsumed("whole:in"));
    cluster.client().pods().inNamespace(cluster.namespace()).withName(gone).delete();
    eventually(() -> assertThat(fleet.events("ConsumerHandedOver")).hasSize(1));

    fleet.applySpec(spec.replace("replicas: 2", "replicas: 1"));
    eventually(() -> assertThat(fleet.budget().get()).isNull());
    eventually(() -> assertThat(foreign("keda.sh/v1alpha1", "ScaledObject")).isEmpty());
    eventually(() -> assertThat(foreign("monitoring.coreos.com/v1", "PodMonitor")).isEmpty());
    fleet.becomesReady();

    fleet.applySpec(
        spec.replace("replicas: 2", "replicas: 2, image: \"streamfleet/worker:unmounted\""));
    eventually(() -> assertThat(fleet.podNames()).hasSizeGreaterThan(1));
    cluster.clock().forward(Duration.ofMinutes(1));
    fleet.touch();
    eventually(
        () ->
            assertThat(cluster.requests())
                .anyMatch(it -> it.resource().equals("events") && it.verb().equals("list")));

    fleet.applySpec(spec + more);
    fleet.becomesReady();
    fleet.applySpec(spec.replace(", credentialsSecret: {name: login}", "") + more);
    eventually(() -> assertThat(foreign("keda.sh/v1alpha1", "TriggerAuthentication")).isEmpty());
    fleet.resource().delete();
    eventually(() -> assertThat(fleet.resource().get()).isNull());
  }

  private List<GenericKubernetesResource> foreign(String apiVersion, String kind) {
    return cluster
        .client()
        .genericKubernetesResources(apiVersion, kind)
        .inNamespace(cluster.namespace())
        .list()
        .getItems();
  }

  @Test
  void noRuleIsWiderThanWhatItSays() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      List<PolicyRule> all =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .flatMap(file -> rules(file).stream())
              .toList();

      assertThat(all).isNotEmpty();
      assertThat(all)
          .allSatisfy(
              rule ->
                  assertThat(
                          Stream.of(rule.getVerbs(), rule.getApiGroups(), rule.getResources())
                              .flatMap(Collection::stream))
                      .isNotEmpty()
                      .noneMatch(word -> word.contains("*")));
      assertThat(all)
          .filteredOn(rule -> rule.getResources().contains("secrets"))
          .isNotEmpty()
          .allSatisfy(rule -> assertThat(rule.getVerbs()).isSubsetOf("get", "list", "watch"));
    }
  }

  private static List<PolicyRule> rules(String file) {
    try {
      return objects(Files.readString(FILES.resolve(file)))
          .flatMap(
              object ->
                  switch (object) {
                    case ClusterRole role -> role.getRules().stream();
                    case Role role -> role.getRules().stream();
                    default -> Stream.<PolicyRule>empty();
                  })
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Stream<HasMetadata> objects(String yaml) {
    return Stream.of(yaml.split("(?m)^---$", -1))
        .filter(document -> !document.isBlank())
        .map(document -> (HasMetadata) new KubernetesSerialization().unmarshal(document));
  }

  private static List<Right> rights(PolicyRule rule) {
    return rule.getVerbs().stream()
        .flatMap(
            verb ->
                rule.getApiGroups().stream()
                    .flatMap(
                        group ->
                            rule.getResources().stream()
                                .map(resource -> new Right(verb, group, resource))))
        .toList();
  }
}
