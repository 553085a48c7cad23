package io.streamfleet.commands.line;

import java.io.PrintWriter;
import java.util.List;

/**
 * Aligned columns. It is written page by page, so a column is as wide as its widest value so far.
 */
public final class Table {

  private final PrintWriter out;
  private final List<String> head;
  private final int[] widths;
  private boolean begun;

  public Table(PrintWriter out, List<String> head) {
    this.out = out;
    this.head = List.copyOf(head);
    this.widths = head.stream().mapToInt(String::length).toArray();
  }

  /** Writes rows of as many cells as the head has. */
  public void write(List<List<String>> rows) {
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    if (!begun) {
      begun = true;
      line(head);
    }
    rows.forEach(this::line);
  }

  private void line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i));
      if (i + 1 < cells.size()) {
        line.repeat(' ', widths[i] - cells.get(i).length() + 2);
      }
    }
    out.println(line);
  }
}
