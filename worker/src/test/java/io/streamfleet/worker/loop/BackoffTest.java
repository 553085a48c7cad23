package io.streamfleet.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({
    "100, 10000, 1, 50, 100",
    "100, 10000, 2, 100, 200",
    "100, 10000, 5, 800, 1600",
    "100, 10000, 8, 5000, 10000",
    "100, 10000, 64, 5000, 10000",
    "100, 10000, 2147483647, 5000, 10000",
    "100, 50, 1, 25, 50",
    "0, 50, 3, 0, 0"
  })
  void liesBetweenHalfAndTheWholeOfWhatDoublesUpToTheCap(
      long initial, long max, int attempt, long least, long most) {
    Backoff backoff = new Backoff(Duration.ofMillis(initial), Duration.ofMillis(max));
    for (int i = 0; i < 200; i++) {
      assertThat(backoff.after(attempt, random))
          .isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
    }
  }
}
