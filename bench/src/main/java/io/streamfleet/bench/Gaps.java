package io.streamfleet.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;

/** What could not be measured, so that what the rest took minutes for is not lost with it. */
final class Gaps {

  private final Table table =
      new Table(
          "Not measured",
          "Why: the first line of what was said; the rest is in the logs.",
          List.of("part", "who", "why"));
  private final PrintWriter progress;

  /**
   * @param progress who hears of a gap in full, at once
   */
  Gaps(PrintWriter progress) {
    this.progress = progress;
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
      progress.println("bench: NOT MEASURED: %s, %s: %s".formatted(part, who, why));
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
