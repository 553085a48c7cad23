package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Fleets;
import org.junit.jupiter.api.Test;

class WorkerPodTest {

  @Test
  void whatIsOursIsNotOverridden() {
    Fleet fleet =
        Fleets.with(
            """
            monitoring: {podMonitor: true, labels: {streamfleet.io/group: mine}}
            workers:
              podLabels: {streamfleet.io/group: mine, team: chat}
              podAnnotations: {streamfleet.io/config-hash: mine}
            """);
    ObjectMeta metadata = pod(fleet).getMetadata();
    assertThat(metadata.getLabels())
        .containsAllEntriesOf(fleet.names().labels())
        .containsEntry("team", "chat");
    assertThat(metadata.getAnnotations())
        .containsEntry(WorkerPod.CONFIG_HASH, WorkerConfigMap.hash(fleet));
    assertThat(WorkerPodMonitor.of(fleet).getMetadata().getLabels())
        .isEqualTo(fleet.names().labels());
  }

  @Test
  void whoHasAPodMonitorOfItsOwnIsLeftToIt() {
    assertThat(pod(Fleets.with("monitoring: {podMonitor: true}")).getMetadata().getLabels())
        .containsEntry(WorkerPod.OWN_POD_MONITOR, "true");
    assertThat(pod(Fleets.with("monitoring: {podMonitor: false}")).getMetadata().getLabels())
        .doesNotContainKey(WorkerPod.OWN_POD_MONITOR);
  }

  @Test
  void aWorkerHasTheTimeThatItsDrainAndItsClosingTake() {
    assertThat(gracePeriod("0s")).isEqualTo(20);
    assertThat(gracePeriod("30s")).isEqualTo(50);
    assertThat(gracePeriod("1ms")).isEqualTo(21);
  }

  private static long gracePeriod(String drain) {
    return pod(Fleets.with("workers: {drainTimeout: %s}".formatted(drain)))
        .getSpec()
        .getTerminationGracePeriodSeconds();
  }

  @Test
  void aSidecarIsStillThereWhenTheWorkerDrains() {
    PodSpec spec = pod(Fleets.with("workers: {sidecars: [{name: bot, image: bot}]}")).getSpec();
    assertThat(spec.getInitContainers())
        .singleElement()
        .returns("bot", Container::getName)
        .returns("Always", Container::getRestartPolicy);
    assertThat(spec.getContainers())
        .extracting(Container::getName)
        .containsExactly(WorkerPod.CONTAINER);
  }

  private static PodTemplateSpec pod(Fleet fleet) {
    return WorkerPod.of(fleet, GoldenCase.IMAGE);
  }
}
