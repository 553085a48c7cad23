package io.streamfleet.local.view;

import io.streamfleet.local.view.ScreenLine.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of one kind under headings. If not all rows fit, the most important ones are shown.
 *
 * @param headings of the columns
 * @param rows in display order
 */
record Section(List<String> headings, List<Row> rows) {

  private static final String INDENT = "    ";

  /** A narrower column is useless. */
  private static final int MIN_WIDTH = 20;

  /** How important a row is when not all fit. */
  enum Weight {
    LITTLE,
    SOME,
    MUCH
  }

  /**
   * A row.
   *
   * @param remark a sentence after the columns, or below them if it does not fit; may be empty
   */
  record Row(List<String> cells, String remark, Tone tone, Weight weight) {}

  Section {
    headings = List.copyOf(headings);
    rows = List.copyOf(rows);
  }

  int size() {
    return rows.size();
  }

  /** All rows, however wide. */
  List<ScreenLine> lines() {
    return lines(rows.size(), Integer.MAX_VALUE);
  }

  /**
   * The headings and the most important rows, in their order. The headings say how many rows there
   * are if not all are shown.
   */
  List<ScreenLine> lines(int count, int width) {
    List<Row> shown = mostImportant(count);
    List<String> texts = table(shown).lines();
    List<ScreenLine> lines = new ArrayList<>();
    lines.add(new ScreenLine(Tone.HEADING, texts.getFirst().stripTrailing()));
    for (int i = 0; i < shown.size(); i++) {
      Row row = shown.get(i);
      String text = texts.get(i + 1);
      if (row.remark().isEmpty() || text.length() + row.remark().length() <= width) {
        lines.add(new ScreenLine(row.tone(), text + row.remark()));
      } else {
        lines.add(new ScreenLine(row.tone(), text.stripTrailing()));
        wrapped(row.remark(), Math.max(MIN_WIDTH, width - INDENT.length()))
            .forEach(part -> lines.add(new ScreenLine(row.tone(), INDENT + part)));
      }
    }
    return lines;
  }

  private List<Row> mostImportant(int count) {
    return IntStream.range(0, rows.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> rows.get(i).weight()).reversed())
        .limit(count)
        .sorted()
        .map(rows::get)
        .toList();
  }

  private TextTable table(List<Row> shown) {
    List<String> names = new ArrayList<>(headings);
    if (shown.size() < rows.size()) {
      names.set(0, "%s (%d of %d)".formatted(names.getFirst(), shown.size(), rows.size()));
    }
    names.add("");
    TextTable table = new TextTable(names.toArray(String[]::new));
    for (Row row : shown) {
      List<String> cells = new ArrayList<>(row.cells());
      cells.add("");
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  /** Wraps between words; a word longer than a line is broken. */
  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      String rest = word;
      if (!line.isEmpty() && line.length() + 1 + rest.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      while (rest.length() > width) {
        lines.add(rest.substring(0, width));
        rest = rest.substring(width);
      }
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    lines.add(line.toString());
    return lines;
  }
}
