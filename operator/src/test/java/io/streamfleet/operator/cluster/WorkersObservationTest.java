package io.streamfleet.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkersObservationTest {

  private static final PodObservation UNPULLABLE =
      new PodObservation("chat-worker-1", false, Optional.of("container worker: ImagePullBackOff"));

  private static Deployment failing(String status) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("chat-worker")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("ReplicaFailure")
        .withStatus(status)
        .withReason("FailedCreate")
        .withMessage("pods \"chat-worker-2\" is forbidden: exceeded quota")
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void podsThatAreNotTakenAreTheTroubleRatherThanThoseThatAreThere() {
    assertThat(WorkersObservation.of(failing("True"), List.of(UNPULLABLE)).trouble())
        .contains("pods \"chat-worker-2\" is forbidden: exceeded quota");
    assertThat(WorkersObservation.of(failing("False"), List.of(UNPULLABLE)).trouble())
        .contains("chat-worker-1, container worker: ImagePullBackOff");
  }
}
