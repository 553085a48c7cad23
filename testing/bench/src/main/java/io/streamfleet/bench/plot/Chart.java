package io.streamfleet.bench.plot;

/** A plot: its values, and how they are drawn. */
public sealed interface Chart permits Bars, Lines {

  /** What it shows, in a line. */
  String title();

  /** The drawing, with its own background: legible on a dark page as on a light one. */
  String svg();
}
