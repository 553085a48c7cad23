package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that is well, and to which nobody has published anything. */
class IdleFleetTest {

  /** What all panels together take on a busy machine, some times over. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  /** Who sees "no data" cannot tell a fleet that is well from one that is not watched. */
  @Test
  void noPanelIsWithoutDataWhereAllIsWell() throws IOException, InterruptedException {
    try (WatchedFleet fleet = WatchedFleet.thatIsWell(folder);
        PrometheusServer prometheus =
            new PrometheusServer(folder, Shipped.ruleFiles(), fleet.targets())) {
      // A quantile of nothing is no number, which leaves a gap in a line.
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () ->
                  assertThat(Panels.empty(prometheus, sample -> true))
                      .as("panels, or words of their legends, that show nothing")
                      .isEmpty());
      assertThat(prometheus.query("streamfleet_entries_read_total > 0")).isEmpty();
      assertThat(prometheus.query("streamfleet_redis_errors_total > 0")).isEmpty();
    }
  }
}
