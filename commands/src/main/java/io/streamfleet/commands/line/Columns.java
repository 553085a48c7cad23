package io.streamfleet.commands.line;

import java.util.List;

/** Aligns cells of text: each column is as wide as its widest cell so far. */
public final class Columns {

  private static final int GAP = 2;

  private final int[] widths;

  public Columns(int count) {
    widths = new int[count];
  }

  /** Makes the columns wide enough for a row of as many cells. */
  public void fit(List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], length(cells.get(i)));
    }
  }

  /** The cells of a row beside each other, with nothing behind the last. */
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
