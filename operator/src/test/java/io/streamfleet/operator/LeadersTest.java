package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Of several replicas of the operator one works, and another takes over when it ends. */
class LeadersTest {

  private static final String[] SHORT_LEASE = {"STREAMFLEET_LEASE_DURATION", "5s"};

  /** Nobody takes a lease within the time of these tests unless it was given back. */
  private static final String[] LONG_LEASE = {"STREAMFLEET_LEASE_DURATION", "5m"};

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  private String leader() {
    Lease lease =
        cluster
            .client()
            .leases()
            .inNamespace(cluster.namespace())
            .withName("streamfleet-operator")
            .get();
    return lease == null ? "" : Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
  }

  private void awaitLeader(String identity) {
    eventually(() -> assertThat(leader()).isEqualTo(identity));
  }

  private java.util.List<String> writers() {
    return cluster.writes().stream()
        .map(request -> request.userAgent().replaceAll(".*/", ""))
        .distinct()
        .toList();
  }

  @Test
  void oneWritesAndTheOtherIsReadyToTakeOver() {
    StreamfleetOperator first = cluster.operator(LONG_LEASE);
    awaitLeader("operator-0");
    StreamfleetOperator second = cluster.operator(LONG_LEASE);

    cluster.fleet("alone", "").becomesReady();

    assertThat(writers()).containsExactly("operator-0");
    assertThat(first.readinessProblem()).isEmpty();
    assertThat(second.readinessProblem()).isEmpty();
    assertThat(second.lifeProblem()).isEmpty();
    assertThat(cluster.registry().getSampleValue("streamfleet_operator_leader")).isZero();

    first.close();

    // Five minutes before the lease would run out.
    eventually(() -> assertThat(leader()).isNotEqualTo("operator-0"));
    assertThat(cluster.lost()).isEmpty();
  }

  @Test
  void aLeaderThatStopsIsReplacedAtOnce() {
    StreamfleetOperator first = cluster.operator();
    awaitLeader("operator-0");
    cluster.operator();
    cluster.fleet("before", "").becomesReady();

    first.close();

    assertThat(leader()).isNotEqualTo("operator-0");
    awaitLeader("operator-1");
    cluster.requests().clear();
    cluster.fleet("after", "").becomesReady();
    assertThat(writers()).containsExactly("operator-1");
    eventually(
        () ->
            assertThat(cluster.registry().getSampleValue("streamfleet_operator_leader"))
                .isEqualTo(1));
  }

  @Test
  void aLeaderThatIsLostIsReplacedOnceItsLeaseIsOver() {
    StreamfleetOperator first = cluster.operator(SHORT_LEASE);
    awaitLeader("operator-0");
    cluster.operator(SHORT_LEASE);
    cluster.fleet("before", "").becomesReady();

    // It can't reach the API server: from now on all that it asks fails.
    cluster
        .server()
        .fail(request -> request.userAgent().endsWith("operator-0"), 500, Integer.MAX_VALUE);

    awaitLeader("operator-1");
    eventually(() -> assertThat(cluster.lost()).containsExactly("operator-0"));
    cluster.server().stopFailing();
    first.close();
    cluster.requests().clear();
    cluster.fleet("after", "").becomesReady();
    assertThat(writers()).containsExactly("operator-1");
  }
}
