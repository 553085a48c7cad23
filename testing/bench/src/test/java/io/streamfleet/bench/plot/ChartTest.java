package io.streamfleet.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.streamfleet.bench.plot.Bars.Bar;
import io.streamfleet.bench.plot.Lines.Point;
import io.streamfleet.bench.plot.Lines.Series;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {

  @Test
  void barsAreAsLongAsTheirValues() throws Exception {
    Bars chart =
        new Bars(
            "Entries a second, \"most\" & <least>",
            Axis.linear("entries/s"),
            List.of(
                new Bar("worker", "unordered", 150_000),
                new Bar("worker", "ordered", 75_000),
                new Bar("peer", "unordered", 0)));

    List<Element> marks = marks(chart);

    assertThat(marks).hasSize(3);
    double longest = number(marks.get(0), "width");
    assertThat(number(marks.get(1), "width")).isCloseTo(longest / 2, within(0.1));
    assertThat(number(marks.get(0), "x") + longest).isLessThan(760);
    assertThat(texts(chart))
        .contains("worker", "peer", "unordered", "ordered", "150,000", "75,000", "0")
        .contains("Entries a second, \"most\" & <least>", "entries/s");
  }

  @Test
  void eachValueOfALineHasItsMark() throws Exception {
    Lines chart =
        new Lines(
            "Latency",
            Axis.percentiles("percentile", List.of(50.0, 90.0, 99.0)),
            Axis.logarithmic("ms"),
            List.of(
                new Series("one", List.of(new Point(2, 0.3), new Point(10, 4))),
                new Series("other", List.of(new Point(100, 0.02)))));

    List<double[]> places = marks(chart).stream().map(it -> start(it.getAttribute("d"))).toList();

    assertThat(places).hasSize(3);
    // A greater value is further right and higher up, that is nearer to zero.
    assertThat(places.get(1)[0]).isGreaterThan(places.get(0)[0]);
    assertThat(places.get(1)[1]).isLessThan(places.get(0)[1]);
    assertThat(places).allMatch(it -> it[0] >= 84 && it[0] <= 716 && it[1] >= 88 && it[1] <= 358);
    assertThat(texts(chart)).contains("one", "other", "50", "90", "99", "ms", "percentile");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0004, 0.02, 0.3, 1, 7.3, 10, 99.9, 2_000, 161_234, 1_000_000})
  void anAxisCoversItsValues(double value) {
    for (Axis axis : List.of(Axis.linear("linear"), Axis.logarithmic("logarithmic"))) {
      Scale scale = Scale.of(axis, DoubleStream.of(value, value * 3.7));

      assertThat(scale.at(value)).isBetween(0.0, 1.0);
      assertThat(scale.at(value * 3.7)).isBetween(scale.at(value), 1.0);
      assertThat(scale.ticks()).hasSizeBetween(2, 9);
      assertThat(scale.ticks().sequencedKeySet().getFirst())
          .isLessThanOrEqualTo(value * (1 + 1e-8));
      assertThat(scale.ticks().sequencedKeySet().getLast())
          .isGreaterThanOrEqualTo(value * 3.7 * (1 - 1e-8));
    }
  }

  @Test
  void aLogarithmicAxisHasNoPlaceForZero() {
    assertThatThrownBy(() -> Scale.of(Axis.logarithmic("ms"), DoubleStream.of(0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ms");
  }

  private static List<Element> marks(Chart chart) throws Exception {
    return elements(chart, "*").stream()
        .filter(it -> it.getAttribute("class").equals("mark"))
        .toList();
  }

  private static List<String> texts(Chart chart) throws Exception {
    return elements(chart, "text").stream().map(Element::getTextContent).toList();
  }

  private static List<Element> elements(Chart chart, String name) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
    NodeList found = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /** The place at which a path begins. */
  private static double[] start(String path) {
    return Arrays.stream(path.substring(1, path.indexOf(' ')).split(","))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }
}
