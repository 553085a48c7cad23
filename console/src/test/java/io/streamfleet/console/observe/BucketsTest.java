package io.streamfleet.console.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BucketsTest {

  @Test
  void aQuantileIsTheBoundOfItsBucketAndARestartedWorkerCountsFromZero() {
    Buckets buckets = new Buckets();
    assertThat(buckets.quantile(0.5)).isEmpty();

    buckets.add(
        Map.of("0.1", 10.0, "1.0", 10.0, "+Inf", 10.0),
        Map.of("0.1", 15.0, "1.0", 19.0, "+Inf", 20.0));
    assertThat(buckets.quantile(0.5)).hasValue(0.1);
    assertThat(buckets.quantile(0.9)).hasValue(1.0);
    assertThat(buckets.quantile(0.99)).hasValue(1.0);

    buckets.add(Map.of("0.1", 50.0, "+Inf", 50.0), Map.of("0.1", 1.0, "+Inf", 1.0));
    assertThat(buckets.quantile(0.5)).hasValue(0.1);
  }
}
