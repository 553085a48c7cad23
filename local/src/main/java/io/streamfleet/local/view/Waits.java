package io.streamfleet.local.view;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What messages of a worker wait for that is no fault: their limits, or a trial of suspects. */
final class Waits {

  private static final Pattern LIMITED =
      Pattern.compile(
          "^streamfleet_limited\\{loop=\"(?<loop>[^\"]*)\",?\\} (?<count>[0-9.E]+)$",
          Pattern.MULTILINE);

  private static final Pattern TRIAL =
      Pattern.compile("^streamfleet_trial 1\\.0$", Pattern.MULTILINE);

  private Waits() {}

  /** In a sentence, if there are any. */
  static Optional<String> of(String metrics) {
    if (TRIAL.matcher(metrics).find()) {
      return Optional.of("tries messages that may have killed it; others wait");
    }
    StringBuilder limited = new StringBuilder();
    Matcher found = LIMITED.matcher(metrics);
    while (found.find()) {
      long count = (long) Double.parseDouble(found.group("count"));
      if (count > 0) {
        limited
            .append(limited.isEmpty() ? "limited: " : ", ")
            .append(count)
            .append(" wait in ")
            .append(found.group("loop"));
      }
    }
    return limited.isEmpty() ? Optional.empty() : Optional.of(limited.toString());
  }
}
