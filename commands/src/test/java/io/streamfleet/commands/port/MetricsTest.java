package io.streamfleet.commands.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final Set<String> WANTED = Set.of("a", "b");

  @Test
  void labelsAreReadWithTheirEscapesAndATrailingComma() {
    Metrics metrics =
        Metrics.read(
            """
            # HELP a what it is
            # TYPE a gauge
            a{stream="s}\\"{",group="x, y",} 2.0
            a{stream="t\\\\",group="g"} 3
            b 1.5 1700000000
            other{stream="s"} 9
            """,
            WANTED);

    assertThat(metrics.sum("a")).isEqualTo(5);
    assertThat(metrics.max("a")).isEqualTo(3);
    assertThat(metrics.by("a", "stream")).isEqualTo(Map.of("s}\"{", 2.0, "t\\", 3.0));
    assertThat(metrics.by("a", "group")).isEqualTo(Map.of("x, y", 2.0, "g", 3.0));
    assertThat(metrics.sum("b")).isEqualTo(1.5);
    assertThat(metrics.all("other")).isEmpty();
  }

  @Test
  void whatIsNoMetricIsSkipped() {
    Metrics metrics = Metrics.read("a\na{\na{x=\"1\na{x=\"1\"} no\n<html>\n\na +Inf\n", WANTED);

    assertThat(metrics.max("a")).isInfinite();
    assertThat(metrics.all("a")).hasSize(1);
  }
}
