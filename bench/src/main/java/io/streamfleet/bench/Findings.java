package io.streamfleet.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a part of the bench came to: tables, of which the first says most, and plots. */
record Findings(List<Table> tables, List<Figure> figures) {

  static Findings of(Table... tables) {
    return new Findings(List.of(tables), List.of());
  }

  String markdown() {
    Stream<String> figuresAfterTheFirst =
        tables.stream()
            .flatMap(
                table ->
                    table == tables.getFirst()
                        ? Stream.concat(
                            Stream.of(table.markdown()), figures.stream().map(Figure::markdown))
                        : Stream.of(table.markdown()));
    return figuresAfterTheFirst.collect(Collectors.joining("\n"));
  }
}
