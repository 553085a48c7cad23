package io.streamfleet.api.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Suggests a correction of a misspelled word. */
public final class Spelling {

  /** With more edits it is another word. */
  private static final int MAX_EDITS = 2;

  private Spelling() {}

  /** {@code ", did you mean x?"} for the nearest choice, or empty if none is near. */
  public static String hint(String written, Collection<String> choices) {
    return choices.stream()
        .filter(choice -> distance(written, choice) <= Math.min(MAX_EDITS, written.length() / 2))
        .min(
            Comparator.comparingInt((String choice) -> distance(written, choice))
                .thenComparing(choice -> choice))
        .map(choice -> ", did you mean " + choice + "?")
        .orElse("");
  }

  /** The Levenshtein distance, ignoring case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
