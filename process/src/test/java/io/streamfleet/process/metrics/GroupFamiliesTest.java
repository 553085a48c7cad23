package io.streamfleet.process.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GroupFamiliesTest {

  private static final List<String> LABELS = List.of("stream", "group");

  private final GroupFamilies families = new GroupFamilies("it_", LABELS);

  private List<String> samples() {
    return families.all().stream()
        .flatMap((MetricFamilySamples family) -> family.samples.stream())
        .map((Sample sample) -> sample.name + sample.labelValues + " " + sample.value)
        .toList();
  }

  @Test
  void whatIsKnownIsShown() {
    families.add(
        List.of("in", "g"),
        new GroupFamilies.Numbers(
            OptionalLong.of(5),
            OptionalLong.of(4),
            OptionalLong.of(3),
            OptionalLong.of(0),
            Optional.of(Duration.ofSeconds(9)),
            Optional.of(Duration.ofMillis(2_500)),
            Optional.of(Duration.ZERO)));

    assertThat(samples())
        .containsExactly(
            "it_stream_length[in, g] 5.0",
            "it_group_pending[in, g] 4.0",
            "it_group_lag[in, g] 3.0",
            "it_group_trimmed_unread[in, g] 0.0",
            "it_group_oldest_unread_seconds[in, g] 9.0",
            "it_group_oldest_pending_published_seconds[in, g] 2.5",
            "it_group_oldest_pending_delivered_seconds[in, g] 0.0");
  }

  @Test
  void whatIsNotKnownHasNoSample() {
    OptionalLong unknown = OptionalLong.empty();
    families.add(
        List.of("in", "g"),
        new GroupFamilies.Numbers(
            unknown,
            unknown,
            unknown,
            unknown,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    assertThat(samples()).isEmpty();
    assertThat(families.all()).hasSize(7);
  }

  @Test
  void whatElseBelongsToAGroupIsShownBesideIt() {
    GroupFamilies.addKnown(
        families.family("dead_letters", "Dead letters.", LABELS),
        List.of("in", "g"),
        OptionalLong.of(7));

    assertThat(samples()).containsExactly("it_dead_letters[in, g] 7.0");
  }
}
