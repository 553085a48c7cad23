package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.streamfleet.apiserver.controller.InstantKubelet;
import io.streamfleet.apiserver.failure.ApiFailure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a client asks before it begins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryTest {

  private final ApiServer server = ApiServer.start();
  private final Api api = new Api(server);
  private final KubernetesClient client = server.client();

  @AfterAll
  void stop() {
    client.close();
    api.close();
    server.close();
  }

  @Test
  void theServerIsWellAndSaysItsVersion() {
    for (String path : new String[] {"/healthz", "/livez", "/readyz"}) {
      assertThat(api.get(path).body().asText()).isEqualTo("ok");
    }
    assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("36");
  }

  @Test
  void kindsAreFound() {
    assertThat(client.supports(Deployment.class)).isTrue();
    assertThat(client.supports("test.io/v1", "Widget")).isFalse();
    server.apply(Widgets.CRD);
    assertThat(client.supports("test.io/v1", "Widget")).isTrue();
    assertThat(client.getApiGroups().getGroups()).anyMatch(g -> g.getName().equals("test.io"));
    assertThat(api.get("/api").text("/versions/0")).isEqualTo("v1");
    assertThat(api.get("/apis/apps").text("/preferredVersion/version")).isEqualTo("v1");
    assertThat(api.get("/apis/test.io/v1").body().findValuesAsText("name"))
        .contains("widgets", "widgets/status", "widgets/scale");
    assertThat(api.get("/apis/authorization.k8s.io/v1").body().findValuesAsText("name"))
        .contains("selfsubjectaccessreviews");
  }

  @Test
  void kubectlLearnsThatFieldsAreValidatedHere() {
    assertThat(api.get("/openapi/v3").body().at("/paths").path("apis/apps/v1").toString())
        .contains("/openapi/v3/apis/apps/v1");
    assertThat(api.get("/openapi/v3/apis/apps/v1").body().findValuesAsText("name"))
        .contains("fieldValidation");
    assertThat(api.get("/openapi/v3/apis/no.io/v1").code()).isEqualTo(404);
  }

  @Test
  void whoeverIsLetInMayDoEverything() {
    String path = "/apis/authorization.k8s.io/v1/";
    assertThat(
            api.post(path + "selfsubjectaccessreviews", "{'spec':{}}")
                .body()
                .at("/status/allowed")
                .asBoolean())
        .isTrue();
    assertThat(
            api.post(path + "selfsubjectrulesreviews", "{'spec':{'namespace':'default'}}")
                .text("/status/resourceRules/0/verbs/0"))
        .isEqualTo("*");
    assertThat(api.post(path + "others", "{}").code()).isEqualTo(404);
  }

  @Test
  void whatIsLackingIsSaid() {
    assertThat(api.get("/nowhere").code()).isEqualTo(404);
    assertThat(api.get("/apis/no.io/v1").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/default/nothings").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/default/configmaps/x/status").code()).isEqualTo(404);
    assertThat(api.get("/api/v1/namespaces/default/pods/x/log").text("/message"))
        .isEqualTo("pods \"x\" not found");
    assertThat(api.get("/api/v1/namespaces/default/pods/x/exec").text("/message"))
        .isEqualTo("the embedded API server does not support get of pods/exec");
    assertThat(api.post("/version", "{}").code()).isEqualTo(405);
    assertThat(api.patch("/api/v1/namespaces/default", "text/plain", "x").code()).isEqualTo(415);
    assertThat(api.patch("/api/v1/namespaces/default", Api.APPLY, "{}").text("/message"))
        .isEqualTo("fieldManager is required for apply patch");
    assertThatThrownBy(() -> server.apply("{apiVersion: no.io/v1, kind: No}"))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("apply its CustomResourceDefinition first");
    int port = Integer.parseInt(server.url().replaceAll(".*:", ""));
    assertThatThrownBy(() -> ApiServer.start(new InstantKubelet(), port))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("take another port");
  }

  @Test
  void aLeaderIsElected() {
    AtomicInteger elections = new AtomicInteger();
    var election =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName("election")
                    .withLock(new LeaseLock("default", "leader", "me"))
                    .withLeaseDuration(Duration.ofSeconds(3))
                    .withRenewDeadline(Duration.ofSeconds(2))
                    .withRetryPeriod(Duration.ofMillis(100))
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(elections::incrementAndGet, () -> {}, leader -> {}))
                    .build())
            .build()
            .start();
    await().untilAsserted(() -> assertThat(elections).hasValue(1));
    String lease = "/apis/coordination.k8s.io/v1/namespaces/default/leases/leader";
    String before = api.get(lease).version();
    await().untilAsserted(() -> assertThat(api.get(lease).version()).isNotEqualTo(before));
    election.cancel(true);
  }
}
