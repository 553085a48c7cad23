package io.streamfleet.local.view;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The handler endpoints for which a worker's breaker is open. */
final class Outages {

  private static final Pattern OPEN =
      Pattern.compile(
          "^streamfleet_breaker_open\\{endpoint=\"(?<endpoint>[^\"]*)\",?\\} 1\\.0$",
          Pattern.MULTILINE);

  private Outages() {}

  /** As a sentence, if there are any. */
  static Optional<String> of(String metrics) {
    List<String> endpoints =
        OPEN.matcher(metrics).results().map(it -> it.group("endpoint")).toList();
    return endpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "unavailable: " + String.join(", ", endpoints) + "; messages wait, and it is probed");
  }
}
