package io.streamfleet.bench.plot;

import io.streamfleet.bench.plot.Svg.Anchor;
import java.util.List;

/** The legend of a plot. */
final class Legend {

  /** The approximate width of a character. */
  static final double LETTER = 6.6;

  private static final double LINE = 18;

  private Legend() {}

  /**
   * Draws the legend.
   *
   * @return its height
   */
  static double draw(Svg svg, List<String> names, double x, double y, double width) {
    double at = x;
    double line = y;
    for (int i = 0; i < names.size(); i++) {
      double wide = 34 + LETTER * names.get(i).length();
      if (at > x && at + wide > x + width) {
        at = x;
        line += LINE;
      }
      svg.mark("key", i, at + 5, line - 4);
      svg.text(at + 15, line, 12, Palette.TEXT, Anchor.START, names.get(i));
      at += wide;
    }
    return line - y;
  }
}
