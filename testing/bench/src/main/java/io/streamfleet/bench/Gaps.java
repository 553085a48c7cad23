package io.streamfleet.bench;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Records measurements that failed, so that a failure does not discard the results of the others.
 */
final class Gaps {

  private final Table table =
      new Table(
          "Not measured",
          "The reason is the first line of the error; the rest is in the logs.",
          List.of("part", "who", "why"));
  private final Consumer<String> log;

  /**
   * @param log receives each failure in full, at once
   */
  Gaps(Consumer<String> log) {
    this.log = log;
  }

  /** A measurement, which takes time and may fail. */
  @FunctionalInterface
  interface Measurement {
    void run() throws IOException, InterruptedException;
  }

  /** Runs a measurement and records a failure; returns whether it succeeded. */
  boolean measured(String part, String who, Measurement measurement) throws InterruptedException {
    try {
      measurement.run();
      return true;
    } catch (IOException | RuntimeException e) {
      String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      log.accept("NOT MEASURED: %s, %s: %s".formatted(part, who, why));
      table.row(part, who, why.lines().findFirst().orElse(""));
      return false;
    }
  }

  boolean isEmpty() {
    return table.rows().isEmpty();
  }

  Table table() {
    return table;
  }
}
