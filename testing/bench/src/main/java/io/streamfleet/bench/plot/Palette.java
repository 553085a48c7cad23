package io.streamfleet.bench.plot;

import java.util.List;

/**
 * Colours that colour-blind readers can tell apart: those of Okabe and Ito ("Color Universal
 * Design", 2008), without the yellow, which is hard to see on white. Lines also differ in their
 * marks.
 */
final class Palette {

  static final String BACKGROUND = "#ffffff";
  static final String FRAME = "#d0d7de";
  static final String GRID = "#e3e7eb";
  static final String TEXT = "#1f2328";
  static final String QUIET_TEXT = "#59636e";

  private static final List<String> SERIES =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#3d3d3d");

  private Palette() {}

  static String series(int number) {
    return SERIES.get(number % SERIES.size());
  }
}
