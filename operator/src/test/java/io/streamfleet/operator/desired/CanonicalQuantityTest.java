package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalQuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1000m, 1",
    "1500m, 1500m",
    "1.5, 1500m",
    "0.1, 100m",
    "2, 2",
    "2000, 2k",
    "1.0, 1",
    "0, 0",
    "0m, 0",
    "1024Mi, 1Gi",
    "0.5Gi, 512Mi",
    "1000Mi, 1000Mi",
    "1Ki, 1Ki",
    "0.5Ki, 512",
    "128974848, 128974848",
    "1e3, 1e3",
    "0.1n, 1n",
    "abc, abc",
    "+5, 5",
    "1024, 1024",
    "0Mi, 0"
  })
  void isWhatTheServerWouldWrite(String written, String stored) {
    assertThat(CanonicalQuantity.of(written)).isEqualTo(stored);
  }
}
