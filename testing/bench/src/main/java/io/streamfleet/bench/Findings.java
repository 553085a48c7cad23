package io.streamfleet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results of one part of the bench: tables, the most important first, and plots. */
record Findings(List<Table> tables, List<Figure> figures) {

  static Findings of(Table... tables) {
    return new Findings(List.of(tables), List.of());
  }

  /** The same and one more table. */
  Findings with(Table table) {
    return new Findings(Stream.concat(tables.stream(), Stream.of(table)).toList(), figures);
  }

  /**
   * The same without plots that cannot be drawn; these are recorded as gaps, so that the tables are
   * kept.
   */
  Findings drawable(Gaps gaps) throws InterruptedException {
    List<Figure> drawable = new ArrayList<>();
    for (Figure figure : figures) {
      if (gaps.measured("plots", figure.file(), figure.chart()::svg)) {
        drawable.add(figure);
      }
    }
    return new Findings(tables, drawable);
  }

  String markdown() {
    return Stream.of(
            Stream.of(tables.getFirst().markdown()),
            figures.stream().map(Figure::markdown),
            tables.stream().skip(1).map(Table::markdown))
        .flatMap(it -> it)
        .collect(Collectors.joining("\n"));
  }
}
