package io.streamfleet.worker.telemetry;

import io.streamfleet.worker.entry.Entry;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The trace of a message whose publisher wrote none: the same in all attempts, on whichever worker.
 * A {@code trace_id} that is a UUID, as the Python original writes it, is the trace's id, so that
 * one can be found by the other. Else it is computed from the entry's stream and id.
 */
final class TraceIds {

  private static final int LENGTH = 32;
  private static final String DASH = "-";

  private TraceIds() {}

  /** The id of the trace that begins with an entry: 32 hexadecimal digits. */
  static String of(Entry entry) {
    String given = entry.traceIdOrNull();
    if (given != null && (given.length() == LENGTH || given.length() == LENGTH + 4)) {
      String plain = given.replace(DASH, "").toLowerCase(Locale.ROOT);
      if (isId(plain)) {
        return plain;
      }
    }
    long stream = 0;
    String name = entry.stream();
    for (int i = 0; i < name.length(); i++) {
      stream = mixed(stream + name.charAt(i));
    }
    long high = mixed(stream ^ entry.entryId().millis());
    long low = mixed(high + entry.entryId().sequence());
    // One of 2^64 would be zeros; an id must not be.
    return HexFormat.of().toHexDigits(high | 1) + HexFormat.of().toHexDigits(low);
  }

  private static boolean isId(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    boolean isZero = true;
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      if (!HexFormat.isHexDigit(c)) {
        return false;
      }
      isZero &= c == '0';
    }
    return !isZero;
  }

  /** The finalizer of SplitMix64: every bit of the result depends on every bit of the number. */
  private static long mixed(long number) {
    long z = number + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
