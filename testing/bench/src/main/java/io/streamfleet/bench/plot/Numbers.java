package io.streamfleet.bench.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Number formats of plots. */
final class Numbers {

  private Numbers() {}

  /** Three significant digits, thousands in groups: 0.36, 4.5, 161,000. */
  static String rounded(double value) {
    return plain(new BigDecimal(value).round(new MathContext(3)).doubleValue());
  }

  /** As short as possible without rounding, thousands in groups. */
  static String plain(double value) {
    BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, exact.scale()) + "f", exact);
  }

  /** A coordinate, to a tenth of a pixel. */
  static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
