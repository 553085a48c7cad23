package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Fleets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods roll when what the worker reads at its start changes, and for nothing else. */
class ConfigHashTest {

  private static final Fleet BEFORE = Fleets.of(Fleets.MINIMAL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workers: {replicas: 5}",
        "workers: {podLabels: {team: chat}, resources: {requests: {cpu: 1}}, image: other}",
        "autoscaling: {maxReplicas: 5}",
        "consumers: {cleanup: Idle}",
        "monitoring: {podMonitor: true}",
        "networkPolicy: {enabled: true}",
        "deletionPolicy: Delete",
        "paused: true",
        "autoclaim: {minIdle: 1m}",
        "read: {batchSize: 100}"
      })
  void whatNoWorkerReadsOrIsAsByDefaultRollsNoPods(String part) {
    assertThat(WorkerConfigMap.hash(Fleets.with(part))).isEqualTo(WorkerConfigMap.hash(BEFORE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read: {batchSize: 99}",
        "read: {maxInFlight: 99}",
        "autoclaim: {minIdle: 61s}",
        "retry: {maxAttempts: 2}",
        "trace: {enabled: false}"
      })
  void whatAppliesToWorkersThatRunIsBroughtToThemAndRollsNone(String part) {
    Fleet after = Fleets.with(part);

    assertThat(WorkerConfigMap.version(after)).isNotEqualTo(WorkerConfigMap.version(BEFORE));
    assertThat(WorkerConfigMap.hash(after)).isEqualTo(WorkerConfigMap.hash(BEFORE));
  }

  @Test
  void aPauseOfADirectionRollsNone() {
    Fleet paused = Fleets.of(Fleets.MINIMAL.replace("inbound: {", "inbound: {paused: true, "));

    assertThat(WorkerConfigMap.version(paused)).isNotEqualTo(WorkerConfigMap.version(BEFORE));
    assertThat(WorkerConfigMap.hash(paused)).isEqualTo(WorkerConfigMap.hash(BEFORE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workers: {drainTimeout: 31s}",
        "workers: {port: 8081}",
        "read: {block: 4s}",
        "read: {maxBytes: 16Mi}",
        "deadLetter: {maxLength: 1}",
        "control: {cancelChannel: other}",
        "outbound: {platforms: [discord], handler: {builtin: Log}}"
      })
  void whatAWorkerReadsAtItsStartRollsThem(String part) {
    assertThat(WorkerConfigMap.hash(Fleets.with(part))).isNotEqualTo(WorkerConfigMap.hash(BEFORE));
  }
}
