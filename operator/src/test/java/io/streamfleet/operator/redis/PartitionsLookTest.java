package io.streamfleet.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedPartition;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** For how long a partition has had no owner. */
class PartitionsLookTest {

  private static final PartitionedGroup IN =
      new PartitionedGroup(new ConsumerGroup("in", "g"), List.of("in:{0}", "in:{1}"));

  private final AtomicLong now = new AtomicLong();
  private final PartitionsLook look = new PartitionsLook(now::get);

  private Duration seen(Optional<String> refused, String... owners) {
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    List<ObservedPartition> partitions =
        IntStream.range(0, owners.length)
            .mapToObj(
                it ->
                    new ObservedPartition(
                        it,
                        Optional.of(owners[it]).filter(name -> !name.isEmpty()),
                        Optional.empty(),
                        Duration.ZERO))
            .toList();
    ObservedPartitions observed =
        new ObservedPartitions(IN, OptionalInt.empty(), partitions, Map.of(), refused);
    return Objects.requireNonNull(look.seen(List.of(observed)).get(IN)).longestWithoutOwner();
  }

  private Duration seen(String... owners) {
    return seen(Optional.empty(), owners);
  }

  @Test
  void thePartitionThatHasWaitedLongestCounts() {
    assertThat(seen("a", "a")).isZero();
    assertThat(seen("", "a")).isZero();
    assertThat(seen("", "")).isEqualTo(Duration.ofSeconds(10));
    assertThat(seen("a", "")).isEqualTo(Duration.ofSeconds(10));
    assertThat(seen("", "a")).as("it had an owner in between").isZero();
  }

  @Test
  void whatRedisRefusesToTellEndsNoWait() {
    seen("", "a");
    assertThat(seen(Optional.of("NOPERM"), "a", "a")).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void nobodyKnowsWhatHappensWithoutRedis() {
    seen("", "a");
    look.forget();
    assertThat(seen("", "a")).isZero();
  }
}
