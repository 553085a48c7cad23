package io.streamfleet.helm.monitoring;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the metrics that a query of Prometheus names. */
final class MetricNames {

  /** Where other names stand: labels and their values, ranges, what is grouped or joined by. */
  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"
              + "|\\b(and|or|unless|bool|offset)\\b");

  /** Whole words; what is followed by a parenthesis is a function or an aggregation. */
  private static final Pattern WORD = Pattern.compile("(?<![\\w:])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");

  private MetricNames() {}

  static Set<String> in(String query) {
    Set<String> names = new TreeSet<>();
    // A matcher's value may have braces: strings go first.
    String bare = query.replaceAll("\"[^\"]*\"", "");
    Matcher words = WORD.matcher(NO_METRIC.matcher(bare).replaceAll(" "));
    while (words.find()) {
      names.add(words.group());
    }
    return names;
  }
}
