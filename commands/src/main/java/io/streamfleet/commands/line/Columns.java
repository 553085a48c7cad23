package io.streamfleet.commands.line;

import java.util.List;

/** Aligns the cells of a table: each column is as wide as its widest cell so far. */
public final class Columns {

  private static final int GAP = 2;

  private final int[] widths;

  public Columns(int count) {
    widths = new int[count];
  }

  /** Widens the columns for a row, which must have at least as many cells as there are columns. */
  public void fit(List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], length(cells.get(i)));
    }
  }

  /** Returns the line for a row, without spaces after the last cell. */
  public String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i));
      if (i + 1 < cells.size()) {
        line.repeat(' ', widths[i] - length(cells.get(i)) + GAP);
      }
    }
    return line.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
