package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator doesn't start where another one is at work, unless it is asked to. */
class SecondOperatorTest {

  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC);

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final KubernetesClient client = server.client();

  @BeforeEach
  void install() throws IOException {
    server.apply(Files.readString(TestCluster.CRD));
    server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: streamfleet-system}}");
  }

  private void lease(String holder, Duration renewedAgo) {
    client
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName(StreamfleetOperator.LEASE)
                .withNamespace("streamfleet-system")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(15)
                .withRenewTime(NOW.minus(renewedAgo))
                .endSpec()
                .build())
        .create();
  }

  private Optional<String> problem(Map<String, String> environment) {
    return new Preflight(
            client,
            OperatorSettings.from(environment),
            Clock.fixed(NOW.toInstant(), ZoneOffset.UTC))
        .problem()
        .map(Preflight.Problem::text);
  }

  private static Map<String, String> onALaptop(String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("STREAMFLEET_LEADER_ELECTION", "false"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  @Test
  void oneOnALaptopDoesNotTakeOverTheFleetsOfOneThatIsInstalled() {
    lease("streamfleet-operator-abc", Duration.ofSeconds(3));

    assertThat(problem(onALaptop()))
        .hasValue(
            "another operator is running: streamfleet-operator-abc in namespace streamfleet-system"
                + " holds the lease streamfleet-operator; stop it first, or set"
                + " STREAMFLEET_ALONGSIDE=true if it serves other namespaces than this one");
    assertThat(problem(Map.of("POD_NAMESPACE", "elsewhere"))).isNotEmpty();
    assertThat(problem(onALaptop("POD_NAMESPACE", "streamfleet-system"))).isNotEmpty();
  }

  @Test
  void whoIsAskedToStartsAllTheSame() {
    lease("streamfleet-operator-abc", Duration.ofSeconds(3));

    assertThat(problem(onALaptop("STREAMFLEET_ALONGSIDE", "true"))).isEmpty();
  }

  @Test
  void aReplicaOfTheSameOperatorWaitsForTheLeaseAsEver() {
    lease("streamfleet-operator-abc", Duration.ofSeconds(3));

    assertThat(problem(Map.of("POD_NAMESPACE", "streamfleet-system", "POD_NAME", "it"))).isEmpty();
  }

  @Test
  void anOperatorThatIsGoneIsInNobodysWay() {
    lease("streamfleet-operator-abc", Duration.ofSeconds(16));

    assertThat(problem(onALaptop())).isEmpty();
  }

  @Test
  void aLeaseThatWasGivenBackIsInNobodysWay() {
    lease("", Duration.ofSeconds(3));

    assertThat(problem(onALaptop())).isEmpty();
  }

  @Test
  void anAccountThatMayNotLookStarts() {
    lease("streamfleet-operator-abc", Duration.ofSeconds(3));
    server.fail(request -> request.resource().equals("leases"), 403, 1);

    assertThat(problem(onALaptop())).isEmpty();
  }
}
