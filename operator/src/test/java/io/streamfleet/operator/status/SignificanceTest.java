package io.streamfleet.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of numbers are news. */
class SignificanceTest {

  private static RedisObservation.Seen seen(
      long length, long pending, long oldest, String... consumers) {
    return new RedisObservation.Seen(
        List.of(
            new ObservedGroup(
                new ConsumerGroup("in", "g"),
                ObservedGroup.Presence.PRESENT,
                OptionalLong.of(length),
                OptionalLong.of(pending),
                OptionalLong.of(0),
                OptionalLong.of(0),
                Optional.of(Duration.ZERO),
                oldest == 0
                    ? Optional.empty()
                    : Optional.of(
                        new OldestPending(Duration.ofHours(9), Duration.ofSeconds(oldest))),
                Arrays.stream(consumers)
                    .map(name -> new ObservedConsumer(name, 0, Optional.empty(), Optional.empty()))
                    .toList(),
                Optional.empty())),
        OptionalLong.of(0),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "100, 130", "1000, 700", "0, 1000000"})
  void fromNothingToSomethingAndAQuarterAreNews(long old, long fresh) {
    assertThat(Significance.differ(old, fresh)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 15", "100, 110", "1000, 1100", "5, 5"})
  void theTrafficOfAMomentIsNone(long old, long fresh) {
    assertThat(Significance.differ(old, fresh)).isFalse();
  }

  @Test
  void knownAndUnknownDiffer() {
    assertThat(Significance.differ(null, 0L)).isTrue();
    assertThat(Significance.differ(0L, null)).isTrue();
    assertThat(Significance.differ((Long) null, (Long) null)).isFalse();
  }

  @Test
  void thatAStreamGrowsIsNoNews() {
    assertThat(Significance.differ(seen(10, 3, 5, "a"), seen(1_000_000, 4, 20, "a"))).isFalse();
  }

  @Test
  void aConsumerThatComesOrGoesIsNews() {
    assertThat(Significance.differ(seen(10, 3, 5, "a"), seen(10, 3, 5, "a", "b"))).isTrue();
    assertThat(Significance.differ(seen(10, 3, 5, "a"), seen(10, 3, 5))).isTrue();
  }

  @Test
  void anEntryThatGetsOldIsNewsOnceAtEachStep() {
    assertThat(Significance.differ(seen(10, 3, 59), seen(10, 3, 61))).isTrue();
    assertThat(Significance.differ(seen(10, 3, 61), seen(10, 3, 290))).isFalse();
    assertThat(Significance.differ(seen(10, 3, 290), seen(10, 3, 310))).isTrue();
  }

  @Test
  void thatRedisGoesOrComesIsNews() {
    RedisObservation away = new RedisObservation.Away(RedisObservation.Reason.NoAnswer, "no");
    assertThat(Significance.differ(new RedisObservation.Untried(), seen(1, 1, 1))).isTrue();
    assertThat(Significance.differ(seen(1, 1, 1), away)).isTrue();
    assertThat(
            Significance.differ(
                away, new RedisObservation.Away(RedisObservation.Reason.NoAnswer, "no")))
        .isFalse();
  }
}
