package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.util.List;

/** Writes a table page by page: each column is as wide as its widest cell so far. */
public final class Table {

  private final PrintWriter out;
  private final List<String> head;
  private final Columns columns;
  private boolean begun;

  public Table(PrintWriter out, List<String> head) {
    this.out = out;
    this.head = List.copyOf(head);
    this.columns = new Columns(head.size());
    columns.fit(head);
  }

  /** Writes rows, each with as many cells as the head; before the first ones, the head. */
  public void write(List<List<String>> rows) {
    rows.forEach(columns::fit);
    if (!begun) {
      begun = true;
      out.println(columns.line(head));
    }
    rows.forEach(row -> out.println(columns.line(row)));
  }
}
