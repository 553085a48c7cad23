package io.streamfleet.redis.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Who has the partitions, as Redis tells. */
class PartitionInspectionTest {

  private static final PartitionedGroup IN =
      new PartitionedGroup(Laboratory.GROUP, List.of("in:{0}", "in:{1}", "in:{2}", "in:{3}"));

  @AutoClose private final Laboratory laboratory = new Laboratory();

  private ObservedPartitions look() {
    return new PartitionInspection(laboratory.link()).look(IN).join();
  }

  private void lease(int partition, String owner, String token, Duration left) {
    laboratory
        .redis()
        .hset(
            "in:{%d}:lease:g".formatted(partition),
            Map.of(
                "token",
                token,
                "owner",
                owner,
                "until",
                Long.toString(Instant.now().plus(left).toEpochMilli()),
                "epoch",
                "1795447928000001"));
  }

  private void announces(String worker, Duration ago) {
    laboratory
        .redis()
        .zadd("in:members:g", (double) Instant.now().minus(ago).toEpochMilli(), worker);
  }

  @Test
  void whoeverHoldsALeaseThatLastsIsTheOwner() {
    lease(0, "a", "t1", Duration.ofMinutes(1));
    lease(1, "a", "", Duration.ofMinutes(1));
    lease(2, "a", "t2", Duration.ofMinutes(-1));
    announces("a", Duration.ZERO);
    announces("new", Duration.ofSeconds(1));
    announces("dead", Duration.ofMinutes(1));
    laboratory.redis().set("in:partitions:g", "4");

    ObservedPartitions seen = look();

    assertThat(seen.refused()).isEmpty();
    assertThat(seen.agreed()).isEqualTo(OptionalInt.of(4));
    assertThat(seen.withoutOwner()).containsExactly(1, 2, 3);
    assertThat(seen.byOwner()).isEqualTo(Map.of("a", List.of(0), "new", List.of()));
    assertThat(seen.present()).containsExactly("a", "new");
    assertThat(seen.members()).containsOnlyKeys("a", "new", "dead");
    assertThat(seen.partitions().getFirst().left()).isPositive();
    assertThat(seen.lastMove()).contains(Instant.ofEpochSecond(1_795_447_928L, 1_000));
  }

  @Test
  void nobodyHasAnythingWhereNoWorkerRan() {
    ObservedPartitions seen = look();

    assertThat(seen.withoutOwner()).containsExactly(0, 1, 2, 3);
    assertThat(seen.agreed()).isEmpty();
    assertThat(seen.members()).isEmpty();
    assertThat(seen.lastMove()).isEmpty();
  }

  @Test
  void whatRedisRefusesIsTold() {
    laboratory.redis().set("in:{1}:lease:g", "no hash");
    lease(0, "a", "t1", Duration.ofMinutes(1));

    ObservedPartitions seen = look();

    assertThat(seen.refused().orElseThrow()).contains("WRONGTYPE");
    assertThat(seen.byOwner()).containsOnlyKeys("a");
  }

  private static ObservedGroup part(int number, OptionalLong lag, long pending, long idle) {
    return new ObservedGroup(
        IN.groups().get(number),
        ObservedGroup.Presence.PRESENT,
        OptionalLong.of(10),
        OptionalLong.of(pending),
        lag,
        OptionalLong.of(0),
        Optional.of(Duration.ofSeconds(number)),
        Optional.of(new OldestPending(Duration.ofSeconds(9L - number), Duration.ofSeconds(number))),
        List.of(
            new ObservedConsumer(
                "a", pending, Optional.of(Duration.ofSeconds(idle)), Optional.empty())),
        Optional.empty());
  }

  /** Where a splitter reads it, what it has not moved yet waits as well. */
  @Test
  void whatWaitsInTheStreamItselfCountsWithItsPartitions() {
    ObservedGroup part = part(1, OptionalLong.of(2), 3, 7);
    ObservedGroup itself =
        new ObservedGroup(
            IN.whole(),
            part.presence(),
            OptionalLong.of(100),
            OptionalLong.of(4),
            OptionalLong.of(30),
            part.trimmed(),
            part.oldestUnread(),
            part.oldest(),
            part.consumers(),
            part.refused());

    List<ObservedGroup> wholes = PartitionedGroup.wholes(List.of(part, itself), List.of(IN));

    assertThat(wholes)
        .singleElement()
        .satisfies(
            sum -> {
              assertThat(sum.group()).isEqualTo(IN.whole());
              assertThat(sum.length()).hasValue(100);
              assertThat(sum.lag()).hasValue(32);
              assertThat(sum.pending()).hasValue(7);
            });
  }

  @Test
  void thePartitionsOfAStreamAreOneGroupInTheirPlace() {
    ObservedGroup other =
        new ObservedGroup(
            new ConsumerGroup("out", "g"),
            ObservedGroup.Presence.NO_STREAM,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());

    List<ObservedGroup> wholes =
        PartitionedGroup.wholes(
            List.of(part(1, OptionalLong.of(2), 3, 7), part(2, OptionalLong.of(5), 1, 4), other),
            List.of(IN));

    assertThat(wholes).extracting(ObservedGroup::group).containsExactly(IN.whole(), other.group());
    ObservedGroup sum = wholes.getFirst();
    assertThat(sum.lag()).hasValue(7);
    assertThat(sum.length()).hasValue(20);
    assertThat(sum.pending()).hasValue(4);
    assertThat(sum.oldestUnread()).contains(Duration.ofSeconds(2));
    assertThat(sum.oldest())
        .contains(new OldestPending(Duration.ofSeconds(8), Duration.ofSeconds(2)));
    assertThat(sum.consumers())
        .containsExactly(
            new ObservedConsumer("a", 4, Optional.of(Duration.ofSeconds(4)), Optional.empty()));
    assertThat(sum.isSettled()).isFalse();
  }

  @Test
  void aLagThatIsUnknownInOnePartitionIsUnknown() {
    ObservedGroup sum =
        IN.sum(List.of(part(1, OptionalLong.of(2), 3, 7), part(2, OptionalLong.empty(), 1, 4)));

    assertThat(sum.lag()).isEmpty();
    assertThat(sum.pending()).hasValue(4);
  }
}
