package io.streamfleet.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A result table: rows of text and numbers.
 *
 * @param note how to read the figures
 */
record Table(String title, String note, List<String> columns, List<List<Object>> rows) {

  Table(String title, String note, List<String> columns) {
    this(title, note, columns, new ArrayList<>());
  }

  void row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(title + " has " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  String markdown() {
    StringBuilder text = new StringBuilder("## " + title + "\n\n");
    text.append(line(columns)).append(line(columns.stream().map(it -> "---").toList()));
    rows.forEach(row -> text.append(line(row.stream().map(Table::cell).toList())));
    return text.append("\n").append(note).append("\n").toString();
  }

  /** The rows as maps from column to value. */
  List<Map<String, Object>> records() {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              for (int i = 0; i < columns.size(); i++) {
                fields.put(columns.get(i), row.get(i));
              }
              return fields;
            })
        .toList();
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String cell(Object value) {
    return switch (value) {
      case Double number when Math.abs(number) >= 1_000 ->
          String.format(Locale.ROOT, "%,.0f", number);
      case Double number when Math.abs(number) >= 10 -> String.format(Locale.ROOT, "%.1f", number);
      case Double number when Math.abs(number) >= 0.1 || number == 0 ->
          String.format(Locale.ROOT, "%.2f", number);
      case Double number -> String.format(Locale.ROOT, "%.4f", number);
      case Long number -> String.format(Locale.ROOT, "%,d", number);
      default -> value.toString();
    };
  }
}
