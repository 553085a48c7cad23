package io.streamfleet.local.view;

import io.streamfleet.commands.line.Columns;
import java.util.ArrayList;
import java.util.List;

/** Formats rows of text in columns, each as wide as its widest cell. */
final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** The lines, headings first. */
  List<String> lines() {
    Columns columns = new Columns(rows.getFirst().size());
    rows.forEach(columns::fit);
    return rows.stream().map(columns::line).toList();
  }
}
