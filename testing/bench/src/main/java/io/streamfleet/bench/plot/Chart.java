package io.streamfleet.bench.plot;

/** A plot: its values and its drawing. */
public sealed interface Chart permits Bars, Lines {

  /** What it shows, in a line. */
  String title();

  /** The drawing, with its own background, so that it is legible on dark and light pages. */
  String svg();
}
