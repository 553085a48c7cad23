package io.streamfleet.bench.plot;

import io.streamfleet.bench.plot.Svg.Anchor;
import java.util.List;
import java.util.stream.Collectors;

/** A line chart. */
public record Lines(String title, Axis x, Axis y, List<Series> series) implements Chart {

  private static final double WIDTH = 760;
  private static final double HEIGHT = 416;
  private static final double LEFT = 84;
  private static final double RIGHT = 44;
  private static final double BOTTOM = 58;

  /** More marks than this would merge into a line themselves. */
  private static final int MAX_MARKS = 30;

  /** One line, from left to right. */
  public record Series(String name, List<Point> points) {}

  /** A point of a line. */
  public record Point(double x, double y) {}

  @Override
  public String svg() {
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    List<String> names = series.stream().map(Series::name).toList();
    double top = 88 + Legend.draw(svg, names, 20, 52, WIDTH - 40);
    Frame frame =
        new Frame(
            Scale.of(x, series.stream().flatMap(it -> it.points().stream()).mapToDouble(Point::x)),
            Scale.of(y, series.stream().flatMap(it -> it.points().stream()).mapToDouble(Point::y)),
            top);
    axes(svg, frame);
    for (int i = 0; i < series.size(); i++) {
      draw(svg, frame, i);
    }
    return svg.toString();
  }

  private record Frame(Scale x, Scale y, double top) {

    double bottom() {
      return HEIGHT - BOTTOM;
    }

    double left(double value) {
      return LEFT + (WIDTH - LEFT - RIGHT) * x.at(value);
    }

    double down(double value) {
      return bottom() - (bottom() - top) * y.at(value);
    }
  }

  private void axes(Svg svg, Frame frame) {
    frame
        .y()
        .ticks()
        .forEach(
            (value, name) -> {
              double at = frame.down(value);
              svg.rule(LEFT, at, WIDTH - RIGHT, at);
              svg.text(LEFT - 8, at + 4, 12, Palette.QUIET_TEXT, Anchor.END, name);
            });
    frame
        .x()
        .ticks()
        .forEach(
            (value, name) -> {
              double at = frame.left(value);
              svg.rule(at, frame.top(), at, frame.bottom());
              svg.text(at, frame.bottom() + 18, 12, Palette.QUIET_TEXT, Anchor.MIDDLE, name);
            });
    double middle = LEFT + (WIDTH - LEFT - RIGHT) / 2;
    svg.text(middle, HEIGHT - 16, 12, Palette.QUIET_TEXT, Anchor.MIDDLE, x.label());
    svg.text(20, frame.top() - 8, 12, Palette.QUIET_TEXT, Anchor.START, y.label());
  }

  private void draw(Svg svg, Frame frame, int number) {
    List<Point> points = series.get(number).points();
    svg.element(
        "polyline",
        "points",
        points.stream()
            .map(
                it ->
                    Numbers.coordinate(frame.left(it.x()))
                        + ","
                        + Numbers.coordinate(frame.down(it.y())))
            .collect(Collectors.joining(" ")),
        "fill",
        "none",
        "stroke",
        Palette.series(number),
        "stroke-width",
        2);
    if (points.size() <= MAX_MARKS) {
      points.forEach(it -> svg.mark("mark", number, frame.left(it.x()), frame.down(it.y())));
    }
  }
}
