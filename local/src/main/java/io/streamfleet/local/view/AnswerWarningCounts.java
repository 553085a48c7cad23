package io.streamfleet.local.view;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a worker counts of answers that seem to mean something else than what came of them. */
final class AnswerWarningCounts {

  private static final Pattern SUSPECT =
      Pattern.compile(
          "^streamfleet_suspect_answers_total\\{doubt=\"(?<doubt>[^\"]*)\",?\\} (?<value>\\S+)$",
          Pattern.MULTILINE);

  private AnswerWarningCounts() {}

  /** In a sentence, if there are any. */
  static Optional<String> of(String metrics) {
    StringBuilder told = new StringBuilder();
    Matcher line = SUSPECT.matcher(metrics);
    while (line.find()) {
      double count = Double.parseDouble(line.group("value"));
      if (count > 0) {
        told.append(told.isEmpty() ? "answers of the handler: " : ", ")
            .append((long) count)
            .append(' ')
            .append(meaning(line.group("doubt")));
      }
    }
    return told.isEmpty() ? Optional.empty() : Optional.of(told + "; the log tells which");
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
