package io.streamfleet.worker.metrics;

/** The bounds of the histograms, in seconds. */
final class Seconds {

  /**
   * Each is about twice the one before, which bounds the error of a quantile: from 0.25 ms (an idle
   * worker beside its Redis) to an hour (a language model with its tools, or a large backlog).
   */
  private static final double[] BOUNDS = {
    .00025, .0005, .001, .002, .004, .008, .016, .032, .0625, .125, .25, .5, 1, 2, 4, 8, 15, 30, 60,
    120, 240, 480, 900, 1800, 3600
  };

  private Seconds() {}

  static double[] bounds() {
    return BOUNDS.clone();
  }
}
