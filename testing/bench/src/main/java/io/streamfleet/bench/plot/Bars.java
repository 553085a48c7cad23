package io.streamfleet.bench.plot;

import io.streamfleet.bench.plot.Svg.Anchor;
import java.util.List;

/**
 * A bar chart, each bar with its number.
 *
 * @param axis if it is logarithmic, bars begin at its lowest tick and their lengths are not
 *     proportional
 */
public record Bars(String title, Axis axis, List<Bar> bars) implements Chart {

  private static final double WIDTH = 760;
  private static final double TOP = 78;
  private static final double BOTTOM = 52;
  private static final double RIGHT = 90;
  private static final double ROW = 22;
  private static final double GAP = 10;

  /**
   * A value.
   *
   * @param label next to it; consecutive bars with the same label form a group
   * @param series determines its colour
   */
  public record Bar(String label, String series, double value) {}

  @Override
  public String svg() {
    List<String> series = bars.stream().map(Bar::series).distinct().toList();
    double left =
        34 + Legend.LETTER * bars.stream().mapToInt(it -> it.label().length()).max().orElse(0);
    double height = TOP + BOTTOM + rows();
    double span = WIDTH - left - RIGHT;
    Scale scale = Scale.of(axis, bars.stream().mapToDouble(Bar::value));
    Svg svg = new Svg(WIDTH, height, title);
    if (series.size() > 1) {
      Legend.draw(svg, series, 20, 52, WIDTH - 40);
    }
    scale
        .ticks()
        .forEach(
            (value, name) -> {
              double x = left + span * scale.at(value);
              svg.rule(x, TOP - 6, x, height - BOTTOM + 2);
              svg.text(x, height - BOTTOM + 18, 12, Palette.QUIET_TEXT, Anchor.MIDDLE, name);
            });
    svg.text(left + span / 2, height - 14, 12, Palette.QUIET_TEXT, Anchor.MIDDLE, axis.label());
    double y = TOP;
    String group = "";
    for (Bar bar : bars) {
      boolean first = !bar.label().equals(group);
      y += first && !group.isEmpty() ? GAP : 0;
      double length = span * scale.at(bar.value());
      if (first) {
        svg.text(left - 10, y + 14, 12, Palette.TEXT, Anchor.END, bar.label());
      }
      bar(svg, bar, series.indexOf(bar.series()), left, y, length);
      group = bar.label();
      y += ROW;
    }
    return svg.toString();
  }

  private static void bar(Svg svg, Bar bar, int series, double x, double y, double length) {
    svg.element(
        "rect",
        "class",
        "mark",
        "x",
        x,
        "y",
        y + 1,
        "width",
        Math.max(length, 1.0),
        "height",
        ROW - 4,
        "fill",
        Palette.series(series));
    String number = Numbers.rounded(bar.value());
    svg.text(x + length + 6, y + 14, 12, Palette.TEXT, Anchor.START, number);
  }

  private double rows() {
    return ROW * bars.size() + GAP * (bars.stream().map(Bar::label).distinct().count() - 1);
  }
}
