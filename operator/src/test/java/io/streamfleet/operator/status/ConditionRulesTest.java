package io.streamfleet.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.PartitionsSeen;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedPartition;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the condition says of workers that are not ready, beside how many they are. */
class ConditionRulesTest {

  private static final RedisObservation ANSWERS = seen(Optional.empty(), Optional.empty());

  private static RedisObservation seen(Optional<String> letters, Optional<String> writes) {
    return new RedisObservation.Seen(
        List.of(), OptionalLong.empty(), letters, writes, Optional.empty(), List.of());
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

  private static ConditionState partitions(
      int agreed, Map<String, Duration> members, Duration withoutOwner) {
    PartitionedGroup group =
        new PartitionedGroup(new ConsumerGroup("in", "g"), List.of("in:{0}", "in:{1}"));
    ObservedPartitions observed =
        new ObservedPartitions(
            group,
            OptionalInt.of(agreed),
            List.of(
                new ObservedPartition(0, Optional.of("a"), Optional.empty(), Duration.ofMinutes(1)),
                new ObservedPartition(1, Optional.empty(), Optional.empty(), Duration.ZERO)),
            members,
            Optional.empty());
    return ConditionRules.partitions(
        new RedisObservation.Seen(
            List.of(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(new PartitionsSeen(observed, withoutOwner))));
  }

  private static final Map<String, Duration> PRESENT = Map.of("a", Duration.ofMillis(200));

  @Test
  void aPartitionWithoutAWorkerIsBadOnlyAfterAWhile() {
    assertThat(partitions(2, PRESENT, Duration.ofSeconds(30)).reason()).isEqualTo("AllOwned");

    ConditionState late = partitions(2, PRESENT, Duration.ofSeconds(31));

    assertThat(late.reason()).isEqualTo("WithoutOwner");
    assertThat(late.message()).contains("some partitions of in have had no worker");
  }

  @Test
  void withoutAnyWorkerNobodyCanTell() {
    Map<String, Duration> dead = Map.of("a", Duration.ofMinutes(1));
    assertThat(partitions(2, dead, Duration.ofHours(1)).reason()).isEqualTo("NoWorkers");
  }

  @Test
  void workersThatGoByAnotherNumberAreNamed() {
    ConditionState state = partitions(4, PRESENT, Duration.ZERO);

    assertThat(state.reason()).isEqualTo("OtherCount");
    assertThat(state.message()).contains("read 4 partitions of in in the group g, not the 2");
  }

  @Test
  void whereNothingElseDoesTheWorkerExplainsIt() {
    assertThat(of(Optional.empty(), ANSWERS))
        .isEqualTo("0 of 1 workers are available; the log of a worker that is not ready says why");
  }
}
