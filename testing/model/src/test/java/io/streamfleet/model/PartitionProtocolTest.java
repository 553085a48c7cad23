package io.streamfleet.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.model.Checker.Result;
import io.streamfleet.model.Setup.Fault;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol of docs/partitions.md keeps its rules, and each part of it is needed for that. */
class PartitionProtocolTest {

  private static final Setup TWO_CHANNELS = Setup.of(2, 1, 0, 0, 1);
  private static final Setup ONE_CHANNEL = Setup.of(2, 1, 0, 0);

  static Stream<Setup> faults() {
    return Stream.of(
        TWO_CHANNELS.with(Fault.DEATH, 1).with(Fault.MOVE, 1),
        TWO_CHANNELS.with(Fault.HANG, 1).with(Fault.MOVE, 1).with(Fault.FAILURE, 1),
        TWO_CHANNELS.with(Fault.RESTART, 1).with(Fault.LOST_ANSWER, 1),
        ONE_CHANNEL.with(Fault.PAUSE, 1).with(Fault.LOST_ANSWER, 1),
        ONE_CHANNEL.with(Fault.PAUSE, 1).with(Fault.DEATH, 1),
        ONE_CHANNEL.with(Fault.FAILOVER, 1),
        ONE_CHANNEL.with(Fault.FAILOVER, 1).withoutTime(),
        Setup.of(2, 1, 0, 0, 0).with(Fault.EMPTY, 1).with(Fault.MOVE, 1).withLater(1),
        Setup.of(3, 1, 0, 0, 1).with(Fault.DEATH, 1).with(Fault.MOVE, 1),
        Setup.of(2, 2, 0, 1).with(Fault.DEATH, 1).with(Fault.MOVE, 1));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nothingIsLostSkippedOrOutOfOrderAndAllIsSettledInTheEnd(Setup setup) {
    assertThat(check(setup).violation()).isEmpty();
  }

  static Stream<Setup> faultsOfSplitters() {
    return Stream.of(
        Setup.splitting(2, 1, 0, 0).with(Fault.PAUSE, 1).with(Fault.LOST_ANSWER, 1),
        Setup.splitting(2, 2, 0, 0, 1).with(Fault.DEATH, 1).with(Fault.MOVE, 1),
        Setup.splitting(2, 2, 0, 0, 1).with(Fault.RESTART, 1).with(Fault.LOST_ANSWER, 1),
        Setup.splitting(2, 1, 0, 0).with(Fault.FAILOVER, 1),
        Setup.splitting(2, 1, 0, 0).with(Fault.FAILOVER_OF_PARTITIONS, 1));
  }

  @ParameterizedTest
  @MethodSource("faultsOfSplitters")
  void aSplitterAppendsEachEntryOnceAndInOrder(Setup setup) {
    assertThat(check(setup).violation()).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            Setup.of(2, 1, 0, 0).with(Fault.RESTART, 1).with(Mistake.NO_EPOCH),
            "settled by who has not got the lease"),
        Arguments.of(ONE_CHANNEL.with(Mistake.GRANT_BEFORE_REVOKE), "two workers handle"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.PAUSE, 1).with(Mistake.SETTLE_WITHOUT_LEASE),
            "settled by who has not got the lease"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.DEATH, 1).with(Mistake.NEW_BEFORE_PENDING),
            "before an older one of its channel"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.PAUSE, 1).with(Mistake.READ_WITHOUT_FENCE),
            "before an older one of its channel"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.LOST_ANSWER, 1).with(Mistake.READ_SENT_AGAIN),
            "before an older one of its channel"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.LOST_ANSWER, 1).with(Mistake.FENCE_KEPT),
            "before an older one of its channel"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.FAILOVER, 1).with(Mistake.SETTLED_IN_VAIN),
            "after a younger one of its channel that is settled"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.FAILOVER, 1).withoutTime().with(Mistake.IDLE_UNCHECKED),
            "not every entry can be settled"),
        Arguments.of(
            ONE_CHANNEL
                .with(Fault.FAILOVER, 1)
                .with(Fault.MOVE, 1)
                .with(Mistake.SETTLEMENTS_NOT_COUNTED),
            "after a younger one of its channel that is settled"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.FAILOVER, 1).with(Mistake.EPOCH_OF_REDIS_ALONE),
            "an epoch did not grow"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.EMPTY, 1).with(Mistake.EPOCH_OF_REDIS_ALONE),
            "an epoch did not grow"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.FAILOVER, 1).with(Mistake.GRANT_NOT_REPLICATED),
            "two workers handle"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.FAILOVER, 1).with(Mistake.RENEWAL_TRUSTED_AT_ONCE),
            "two workers handle"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.PAUSE, 1).with(Mistake.BEGIN_WITHOUT_CLOCK),
            "two workers handle"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.MOVE, 1).with(Mistake.MOVE_WITHOUT_DRAIN), "two workers handle"),
        Arguments.of(
            ONE_CHANNEL.with(Fault.DEATH, 1).with(Mistake.NO_EXPIRY),
            "not every entry can be settled"),
        Arguments.of(
            Setup.splitting(2, 1, 0, 0).with(Fault.DEATH, 1).with(Mistake.NEW_BEFORE_PENDING),
            "an entry is appended before an older one"),
        Arguments.of(
            Setup.splitting(2, 1, 0, 0).with(Fault.PAUSE, 1).with(Mistake.READ_WITHOUT_FENCE),
            "an entry is appended before an older one"),
        Arguments.of(
            Setup.splitting(2, 1, 0, 0).with(Fault.FAILOVER, 1).with(Mistake.APPEND_WITHOUT_CHAIN),
            "an entry is appended before an older one"),
        Arguments.of(
            Setup.splitting(2, 1, 0).with(Fault.FAILOVER, 1).with(Mistake.APPEND_NOT_REPLICATED),
            "an entry is acknowledged that its partition has not got"),
        Arguments.of(
            Setup.splitting(2, 1, 0)
                .with(Fault.FAILOVER_OF_PARTITIONS, 1)
                .with(Mistake.APPEND_NOT_REPLICATED),
            "an entry is lost that was acknowledged"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeInTheProtocolIsFound(Setup setup, String rule) {
    assertThat(check(setup).violation())
        .hasValueSatisfying(found -> assertThat(found.rule()).contains(rule));
  }

  @Test
  void aShortestWayToAViolationIsTold() {
    assertThat(check(ONE_CHANNEL.with(Mistake.GRANT_BEFORE_REVOKE)).violation())
        .hasValueSatisfying(
            found ->
                assertThat(found.trace())
                    .containsExactly(
                        "A acquire",
                        "A take",
                        "A read 1",
                        "A begin 1",
                        "B acquire",
                        "B take",
                        "B begin 1"));
  }

  private static Result check(Setup setup) {
    return Checker.check(new PartitionProtocol(setup));
  }
}
