package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.operator.rights.ShippedRights;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelfTestTest {

  private static final ApiServer SERVER = ApiServer.start();
  private static final KubernetesClient CLIENT = SERVER.client();

  private final List<String> lines = new ArrayList<>();

  @BeforeAll
  static void install() throws IOException {
    SERVER.apply(Files.readString(TestCluster.CRD));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    SERVER.close();
  }

  private final Set<String> shipped =
      Arrays.stream(ShippedRights.values())
          .flatMap(rights -> rights.rights().stream())
          .map(right -> right.verb() + " " + right.group() + "/" + right.resource())
          .collect(Collectors.toSet());

  @BeforeEach
  void forget() {
    lines.clear();
  }

  @Test
  void whoHasTheShippedRightsAndNoOthersPasses() {
    assertThat(run("", this::isShipped)).isZero();
    assertThat(
            run(
                "chat,mail",
                review -> isShipped(review) && isIn(review, "chat", "mail", "default")))
        .isZero();
    assertThat(lines)
        .allSatisfy(line -> assertThat(line).startsWith("ok: "))
        .contains("ok: may serve resources in namespace mail");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(run("chat", review -> isShipped(review) && isIn(review, "default"))).isOne();
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("FAILED: may not list streamconsumergroups.streamfleet.io, ")
                    .contains("delete deployments.apps", "create events")
                    .endsWith("in namespace chat, which it needs to serve resources"));
  }

  @Test
  void whatIsNeededForAPartOfTheResourceOnlyMayBeMissing() {
    Predicate<SelfSubjectAccessReview> withoutKeda =
        review -> isShipped(review) && !"keda.sh".equals(asked(review).getGroup());

    assertThat(run("", withoutKeda)).isZero();
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).startsWith("note: spec.autoscaling is not served in all"));
  }

  @Test
  void whoMayDoEverythingFails() {
    SelfTest test = new SelfTest(CLIENT, settings("")); // As this server answers: everybody may.

    assertThat(test.run(lines::add)).isOne();
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "FAILED: may create clusterrolebindings.rbac.authorization.k8s.io, ")
                    .contains("get nodes", "create pods/exec"));
  }

  @Test
  void secretsOfOtherNamespacesAreNotForWhoWatchesSome() {
    Predicate<SelfSubjectAccessReview> everywhere = this::isShipped;

    assertThat(run("chat", everywhere)).isOne();
    assertThat(lines)
        .contains("FAILED: may list secrets, which it never needs: somebody granted it too much");
  }

  @Test
  void aClusterWithoutTheCrdFails() {
    try (ApiServer bare = ApiServer.start();
        KubernetesClient client = bare.client()) {
      assertThat(new SelfTest(client, settings(""), this::isShipped).run(lines::add)).isOne();
    }
    assertThat(lines).anySatisfy(line -> assertThat(line).contains("install the CRD first"));
  }

  private int run(String namespaces, Predicate<SelfSubjectAccessReview> allowed) {
    return new SelfTest(CLIENT, settings(namespaces), allowed).run(lines::add);
  }

  private static OperatorSettings settings(String namespaces) {
    return OperatorSettings.from(Map.of("STREAMFLEET_NAMESPACES", namespaces));
  }

  private boolean isShipped(SelfSubjectAccessReview review) {
    ResourceAttributes asked = asked(review);
    String resource =
        asked.getSubresource() == null
            ? asked.getResource()
            : asked.getResource() + "/" + asked.getSubresource();
    return shipped.contains(asked.getVerb() + " " + asked.getGroup() + "/" + resource);
  }

  private static boolean isIn(SelfSubjectAccessReview review, String... namespaces) {
    return Stream.of(namespaces).anyMatch(it -> Objects.equals(it, asked(review).getNamespace()));
  }

  private static ResourceAttributes asked(SelfSubjectAccessReview review) {
    return review.getSpec().getResourceAttributes();
  }
}
