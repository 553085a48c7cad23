package io.streamfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.redis.group.OldestPending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GroupGaugesTest {

  private static final Duration STALE_AFTER = Duration.ofSeconds(30);

  private final ManualClock clock = new ManualClock();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final GroupGauges gauges = new GroupGauges(STALE_AFTER, clock).register(registry);

  @Test
  void everythingThatRedisSaidIsShown() {
    gauges.publish(
        List.of(
            new GroupObservation(
                "s",
                "g",
                OptionalLong.of(10),
                OptionalLong.of(3),
                OptionalLong.of(4),
                OptionalLong.of(5),
                Optional.of(Duration.ofSeconds(9)),
                Optional.of(new OldestPending(Duration.ofHours(1), Duration.ofMillis(2500))),
                OptionalLong.of(7),
                Map.of("pod-1", 3L))));

    assertThat(samples())
        .containsExactlyInAnyOrder(
            "streamfleet_stream_length{stream=\"s\",group=\"g\",} 10.0",
            "streamfleet_group_pending{stream=\"s\",group=\"g\",} 3.0",
            "streamfleet_group_lag{stream=\"s\",group=\"g\",} 4.0",
            "streamfleet_group_trimmed_unread{stream=\"s\",group=\"g\",} 5.0",
            "streamfleet_group_oldest_unread_seconds{stream=\"s\",group=\"g\",} 9.0",
            "streamfleet_group_oldest_pending_published_seconds{stream=\"s\",group=\"g\",} 3600.0",
            "streamfleet_group_oldest_pending_delivered_seconds{stream=\"s\",group=\"g\",} 2.5",
            "streamfleet_dead_letters{stream=\"s\",group=\"g\",} 7.0",
            "streamfleet_consumer_pending{stream=\"s\",group=\"g\",consumer=\"pod-1\",} 3.0");
  }

  @Test
  void unknownValuesAreAbsentAndNotZero() {
    gauges.publish(List.of(unknownBut(OptionalLong.of(0))));

    assertThat(samples())
        .containsExactly("streamfleet_group_pending{stream=\"s\",group=\"g\",} 0.0");
  }

  @Test
  void anObservationIsShownUntilItIsStaleAndThenNotAtAll() {
    gauges.publish(List.of(unknownBut(OptionalLong.of(1))));
    clock.advance(STALE_AFTER);
    assertThat(samples()).hasSize(1);

    clock.advance(Duration.ofNanos(1));
    assertThat(samples()).isEmpty();
  }

  @Test
  void aNewObservationReplacesAllOfTheOldOne() {
    gauges.publish(List.of(unknownBut(OptionalLong.of(1))));
    gauges.publish(List.of());

    assertThat(samples()).isEmpty();
  }

  @Test
  void aGroupObservedTwiceIsRefusedBecausePrometheusWouldRefuseTheScrape() {
    GroupObservation once = unknownBut(OptionalLong.of(1));

    assertThatThrownBy(() -> gauges.publish(List.of(once, once)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stream s and group g");
  }

  private static GroupObservation unknownBut(OptionalLong pending) {
    return new GroupObservation(
        "s",
        "g",
        OptionalLong.empty(),
        pending,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Map.of());
  }

  private List<String> samples() {
    return Scrape.of(registry).samples("streamfleet_");
  }
}
