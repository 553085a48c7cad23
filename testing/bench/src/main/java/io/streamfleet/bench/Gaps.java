package io.streamfleet.bench;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** What could not be measured, so that what the rest took minutes for is not lost with it. */
final class Gaps {

  private final Table table =
      new Table(
          "Not measured",
          "Why: the first line of what was said; the rest is in the logs.",
          List.of("part", "who", "why"));
  private final Consumer<String> told;

  /**
   * @param told hears of a gap in full, at once
   */
  Gaps(Consumer<String> told) {
    this.told = told;
  }

  /** Something that takes its time, and may fail. */
  @FunctionalInterface
  interface Measurement {
    void run() throws IOException, InterruptedException;
  }

  /** Measures, or notes why not; returns whether it was measured. */
  boolean measured(String part, String who, Measurement measurement) throws InterruptedException {
    try {
      measurement.run();
      return true;
    } catch (IOException | RuntimeException e) {
      String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      told.accept("NOT MEASURED: %s, %s: %s".formatted(part, who, why));
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
