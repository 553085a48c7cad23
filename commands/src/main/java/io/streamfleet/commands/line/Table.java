package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.util.List;

/** Aligned columns, written page by page: a column is as wide as its widest value so far. */
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

  /** Writes rows of as many cells as the head has. */
  public void write(List<List<String>> rows) {
    rows.forEach(columns::fit);
    if (!begun) {
      begun = true;
      out.println(columns.line(head));
    }
    rows.forEach(row -> out.println(columns.line(row)));
  }
}
