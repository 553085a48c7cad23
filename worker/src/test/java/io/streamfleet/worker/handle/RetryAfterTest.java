package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "' 120 ', PT2M",
    "999999999999999999999999, P365D",
    "99999999, P365D",
    "'Mon, 23 Nov 2026 12:00:05 GMT', PT5S",
    "'Monday, 23-Nov-26 12:00:05 GMT', PT5S",
    "Mon Nov 23 12:00:05 2026, PT5S",
    "'Tue, 01 Dec 2026 12:00:00 GMT', P8D",
    "Tue Dec  1 12:00:00 2026, P8D",
    // In the past: at once. Two digits more than 50 years ahead are in the past too.
    "'Sun, 06 Nov 1994 08:49:37 GMT', PT0S",
    "'Sunday, 06-Nov-94 08:49:37 GMT', PT0S",
    "'Wed, 23 Nov 2050 12:00:00 GMT', P365D"
  })
  void readsSecondsAndTheThreeFormsOfADate(String value, Duration wait) {
    assertThat(of(value)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "1 2", "Mon, 99 Nov 2026 12:00:05 GMT"})
  void takesAnythingElseAsNotSent(String value) {
    assertThat(of(value)).isEmpty();
  }

  @Test
  void isAbsentWhereItWasNotSent() {
    assertThat(RetryAfter.of(Optional.empty(), NOON)).isEmpty();
  }

  private static Optional<Duration> of(String value) {
    return RetryAfter.of(Optional.of(value), NOON);
  }
}
