package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.bench.plot.Axis;
import io.streamfleet.bench.plot.Bars;
import io.streamfleet.bench.plot.Bars.Bar;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

  @Test
  void aPlotThatCannotBeDrawnIsToldAndCostsNothingElse() throws Exception {
    List<String> told = new ArrayList<>();
    Gaps gaps = new Gaps(told::add);
    Table table = new Table("Speed", "A note.", List.of("entries/s"));
    table.row(1.0);

    Findings drawable =
        new Findings(List.of(table), List.of(plot("good.svg", 1), plot("bad.svg", Double.NaN)))
            .drawable(gaps);

    assertThat(drawable.markdown()).contains("## Speed", "](good.svg)").doesNotContain("bad.svg");
    assertThat(told).singleElement().asString().contains("NOT MEASURED: plots, bad.svg");
    assertThat(gaps.table().markdown()).contains("| plots | bad.svg | no place on the axis");
  }

  private static Figure plot(String file, double value) {
    return new Figure(
        file, new Bars("Speed", Axis.linear("entries/s"), List.of(new Bar("a", "b", value))));
  }
}
