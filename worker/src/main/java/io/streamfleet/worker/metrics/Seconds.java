package io.streamfleet.worker.metrics;

/** The bounds of the histograms. */
final class Seconds {

  /**
   * Each at most twice the one before, so that a quantile is off by no more than that: from 0.25 ms
   * (an idle worker beside its Redis) to an hour (a language model with its tools, or a backlog
   * that somebody should have been told of).
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
