package io.streamfleet.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.RedisObservation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the condition says of workers that are not ready, beside how many they are. */
class ConditionRulesTest {

  private static final RedisObservation ANSWERS = seen(Optional.empty(), Optional.empty());

  private static RedisObservation seen(Optional<String> letters, Optional<String> writes) {
    return new RedisObservation.Seen(
        List.of(), OptionalLong.empty(), letters, writes, Optional.empty());
  }

  private static String of(Optional<String> trouble, RedisObservation redis) {
    WorkersObservation workers = new WorkersObservation(1, true, 1, 1, 0, 0, true, false, trouble);
    ConditionState condition = ConditionRules.workers(workers, redis);
    assertThat(condition.reason()).isEqualTo("WorkersUnavailable");
    return condition.message();
  }

  @Test
  void whatKubernetesSaysOfAPodComesFirst() {
    assertThat(of(Optional.of("bot-1, container worker: Evicted"), ANSWERS))
        .isEqualTo("0 of 1 workers are available; bot-1, container worker: Evicted");
  }

  @Test
  void whatRedisRefusesExplainsAWorkerThatRunsAndIsNotReady() {
    assertThat(of(Optional.empty(), seen(Optional.empty(), Optional.of("OOM no room"))))
        .endsWith("; Redis refuses all writes: OOM no room");
    assertThat(
            of(Optional.empty(), seen(Optional.of("dlq: WRONGTYPE no stream"), Optional.empty())))
        .endsWith("; Redis refuses some commands on dlq: WRONGTYPE no stream");
  }

  @Test
  void whereNothingElseDoesTheWorkerExplainsIt() {
    assertThat(of(Optional.empty(), ANSWERS))
        .isEqualTo("0 of 1 workers are available; the log of a worker that is not ready says why");
  }
}
