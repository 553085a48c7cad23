package io.streamfleet.bench.plot;

import java.util.Locale;

/** Builds the text of an SVG drawing. */
final class Svg {

  private static final String FONT =
      "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif";

  private final StringBuilder text = new StringBuilder();

  /** Which part of a text is at the given position. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  Svg(double width, double height, String title) {
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" \
        role="img" font-family="%s" style="font-variant-numeric: tabular-nums">
        <title>%s</title>
        """
            .formatted(width, height, width, height, FONT, escaped(title)));
    element(
        "rect",
        "x",
        0.5,
        "y",
        0.5,
        "width",
        width - 1,
        "height",
        height - 1,
        "rx",
        6,
        "fill",
        Palette.BACKGROUND,
        "stroke",
        Palette.FRAME);
    text(20, 30, 16, Palette.TEXT, Anchor.START, title);
  }

  /**
   * Adds an element without content.
   *
   * @param attributes names, each followed by its value
   */
  void element(String name, Object... attributes) {
    open(name, attributes);
    text.append("/>\n");
  }

  void text(double x, double y, int size, String colour, Anchor anchor, String content) {
    open(
        "text",
        "x",
        x,
        "y",
        y,
        "font-size",
        size,
        "fill",
        colour,
        "text-anchor",
        anchor.name().toLowerCase(Locale.ROOT));
    text.append('>').append(escaped(content)).append("</text>\n");
  }

  /** A line of the grid or of an axis. */
  void rule(double x1, double y1, double x2, double y2) {
    element("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "stroke", Palette.GRID);
  }

  /** The mark of a value, with a different shape for each series. */
  void mark(String kind, int series, double x, double y) {
    String path =
        switch (series % 4) {
          case 0 -> "m-4,0 a4,4 0 1 0 8,0 a4,4 0 1 0 -8,0";
          case 1 -> "m-3.6,-3.6 h7.2 v7.2 h-7.2 z";
          case 2 -> "m0,-4.6 l4.6,8 h-9.2 z";
          default -> "m0,-5 l5,5 l-5,5 l-5,-5 z";
        };
    String start = "M" + Numbers.coordinate(x) + "," + Numbers.coordinate(y) + " ";
    element("path", "class", kind, "d", start + path, "fill", Palette.series(series));
  }

  private void open(String name, Object... attributes) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      text.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(
              value instanceof Double number
                  ? Numbers.coordinate(number)
                  : escaped(value.toString()))
          .append('"');
    }
  }

  private static String escaped(String content) {
    return content
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return text + "</svg>\n";
  }
}
