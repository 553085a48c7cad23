package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Fleets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods roll when what the worker reads changes, and for nothing else. */
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
        "workers: {drainTimeout: 31s}",
        "workers: {port: 8081}",
        "read: {batchSize: 99}",
        "autoclaim: {minIdle: 61s}",
        "retry: {maxAttempts: 2}",
        "deadLetter: {maxLength: 1}",
        "trace: {enabled: false}",
        "control: {cancelChannel: other}",
        "outbound: {platforms: [discord], handler: {builtin: Log}}"
      })
  void whatAWorkerReadsRollsThem(String part) {
    assertThat(WorkerConfigMap.hash(Fleets.with(part))).isNotEqualTo(WorkerConfigMap.hash(BEFORE));
  }
}
