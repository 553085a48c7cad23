package io.streamfleet.local.aot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountsTest {

  @Test
  void sumsTheStreamsButTheDeadLettersOnce() {
    String metrics =
        """
        # HELP streamfleet_entries_read_total x
        streamfleet_entries_read_total{stream="sg:stream:inbound",group="g",} 5.0
        streamfleet_entries_read_total{stream="sg:stream:outbound:matrix",group="h",} 3.0
        streamfleet_entries_read_total{stream="sg:stream:outbound:discord",group="h",} 1.0
        streamfleet_entries_acked_total{stream="sg:stream:inbound",group="g",} 4.0
        streamfleet_group_pending{stream="sg:stream:inbound",group="g",} 1.0
        streamfleet_group_lag{stream="sg:stream:inbound",group="g",} 7.0
        streamfleet_dead_letters{stream="sg:stream:inbound",group="g",} 2.0
        streamfleet_dead_letters{stream="sg:stream:outbound:matrix",group="h",} 2.0
        """;
    assertThat(Counts.of(metrics)).isEqualTo(new Counts(5, 4, 4, 1, 7, 2));
  }
}
