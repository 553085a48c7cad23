package io.streamfleet.commands.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private static ObservedGroup seen(OptionalLong lag, long lateSeconds) {
    return new ObservedGroup(
        new ConsumerGroup("s", "g"),
        ObservedGroup.Presence.PRESENT,
        OptionalLong.of(100),
        OptionalLong.of(0),
        lag,
        OptionalLong.empty(),
        Optional.of(Duration.ofSeconds(lateSeconds)),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static String told(long before, long after) {
    return Trend.between(
            seen(OptionalLong.of(before), 0), seen(OptionalLong.of(after), 0), TWO_SECONDS)
        .told(after);
  }

  @Test
  void anIncreasingLagIsGrowing() {
    assertThat(told(100, 124)).isEqualTo("growing 12/s");
  }

  @Test
  void aShrinkingLagShowsTheRemainingTime() {
    assertThat(told(160, 100)).isEqualTo("shrinking 30/s, done in 4s");
  }

  @Test
  void smallChangesAreSteady() {
    assertThat(told(100, 100)).isEqualTo("steady");
    assertThat(told(0, 1)).isEqualTo("steady");
  }

  @Test
  void comparesAgesIfTheLagIsUnknown() {
    OptionalLong unknown = OptionalLong.empty();

    assertThat(Trend.between(seen(unknown, 10), seen(unknown, 12), TWO_SECONDS).told(0))
        .isEqualTo("growing");
    assertThat(Trend.between(seen(unknown, 10), seen(unknown, 5), TWO_SECONDS).told(0))
        .isEqualTo("shrinking");
  }
}
