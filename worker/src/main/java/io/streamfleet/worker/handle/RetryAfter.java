package io.streamfleet.worker.handle;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or a date in one of the three
 * forms that a receiver must understand (section 5.6.7). Anything else counts as not sent.
 */
final class RetryAfter {

  /**
   * Keeps sums in range. Waits are cut shorter elsewhere: at {@code retry.maxBackoff} for an entry,
   * at {@code Breaker.LONGEST_RETRY_AFTER} for an endpoint.
   */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  /** Nine digits are 31 years: longer numbers need not be parsed. */
  private static final int DIGITS_WITHIN_RANGE = 9;

  /** A year of two digits is at most this far ahead, else in the past (RFC 9110, 5.6.7). */
  private static final int YEARS_AHEAD = 50;

  private RetryAfter() {}

  /** The wait that the header asks for, if it is valid; zero for a date in the past. */
  static Optional<Duration> of(Optional<String> value, Clock clock) {
    return value.flatMap(it -> parse(it.strip(), clock.instant()));
  }

  private static Optional<Duration> parse(String value, Instant now) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(
          value.length() > DIGITS_WITHIN_RANGE
              ? LONGEST
              : withinRange(Duration.ofSeconds(Long.parseLong(value))));
    }
    return forms(now).stream()
        .flatMap(form -> date(value, form).stream())
        .findFirst()
        .map(until -> withinRange(Duration.between(now, until)));
  }

  private static Optional<Instant> date(String value, DateTimeFormatter form) {
    try {
      return Optional.of(form.parse(value, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration withinRange(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static List<DateTimeFormatter> forms(Instant now) {
    LocalDate latest = LocalDate.ofInstant(now, ZoneOffset.UTC).plusYears(YEARS_AHEAD);
    DateTimeFormatter rfc850 =
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, latest.minusYears(99))
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    DateTimeFormatter asctime =
        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    return List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850, asctime);
  }
}
