package io.streamfleet.local.view;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a worker's counters of handler answers that look like mistakes. */
final class AnswerWarningCounts {

  private static final Pattern SUSPECT =
      Pattern.compile(
          "^streamfleet_suspect_answers_total\\{doubt=\"(?<doubt>[^\"]*)\",?\\} (?<value>\\S+)$",
          Pattern.MULTILINE);

  private AnswerWarningCounts() {}

  /** As a sentence, if there are any. */
  static Optional<String> of(String metrics) {
    StringBuilder text = new StringBuilder();
    Matcher line = SUSPECT.matcher(metrics);
    while (line.find()) {
      double count = Double.parseDouble(line.group("value"));
      if (count > 0) {
        text.append(text.isEmpty() ? "answers of the handler: " : ", ")
            .append((long) count)
            .append(' ')
            .append(meaning(line.group("doubt")));
      }
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text + "; the log tells which");
  }

  private static String meaning(String doubt) {
    return switch (doubt) {
      case "unknown_key" -> "with a key that is ignored";
      case "not_json" -> "with a body that is ignored for its content type";
      case "unread_stream" -> "emitted for a platform that nobody serves";
      default -> doubt;
    };
  }
}
