package io.streamfleet.worker.log;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * {@code 2026-11-23T14:00:00.123Z}, always with its three decimals, so that lines sort as text. By
 * hand: the formatter of the library costs tens of milliseconds at the first line.
 */
final class Timestamp {

  private Timestamp() {}

  static String of(long epochMillis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000L), 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(24);
    digits(out, time.getYear(), 1000).append('-');
    digits(out, time.getMonthValue(), 10).append('-');
    digits(out, time.getDayOfMonth(), 10).append('T');
    digits(out, time.getHour(), 10).append(':');
    digits(out, time.getMinute(), 10).append(':');
    digits(out, time.getSecond(), 10).append('.');
    return digits(out, Math.floorMod(epochMillis, 1000), 100).append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder out, int value, int highest) {
    for (int place = highest; place > 0; place /= 10) {
      out.append((char) ('0' + value / place % 10));
    }
    return out;
  }
}
