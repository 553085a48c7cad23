package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.streamfleet.apiserver.request.ApiRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The operator sees to all namespaces, or to those that it is told. */
class NamespacesTest {

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  private LiveFleet fleetIn(String namespace) {
    cluster
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    LiveFleet fleet = new LiveFleet(cluster, namespace, "chat");
    fleet.apply("");
    return fleet;
  }

  @Test
  void allUnlessItIsTold() {
    cluster.operator();

    fleetIn("one").becomesReady();
    fleetIn("two").becomesReady();
  }

  @Test
  void onlyThoseItIsTold() {
    LiveFleet other = fleetIn("three");
    LiveFleet one = fleetIn("one");
    LiveFleet two = fleetIn("two");

    cluster.operator("STREAMFLEET_NAMESPACES", "one,two");

    one.becomesReady();
    two.becomesReady();
    assertThat(other.now().getStatus()).isNull();
    assertThat(other.deployment().get()).isNull();
    List<ApiRequest> requests =
        cluster.requests().stream()
            .filter(request -> !request.resource().equals("leases"))
            .filter(request -> !request.group().equals("authorization.k8s.io"))
            .filter(request -> !Set.of("one", "two").contains(request.namespace()))
            .toList();
    assertThat(requests).as("asked outside of its namespaces").isEmpty();
  }
}
