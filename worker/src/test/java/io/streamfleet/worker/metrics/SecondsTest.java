package io.streamfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A quantile can't be off by more than the bounds of its bucket. */
class SecondsTest {

  @Test
  void eachBoundIsAtMostTwiceTheOneBefore() {
    double[] bounds = Seconds.bounds();
    for (int i = 1; i < bounds.length; i++) {
      assertThat(bounds[i] / bounds[i - 1]).as("bound %s", bounds[i]).isBetween(1.1, 2.0);
    }
  }

  @Test
  void theyReachFromAQuarterOfAMillisecondToAnHour() {
    assertThat(Seconds.bounds()).startsWith(.00025).endsWith(3600);
  }
}
