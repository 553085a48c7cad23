package io.streamfleet.handler;

/** Which way an entry travels; metrics carry {@link #label()}. */
public enum Direction {
  /** From the platforms to the workers. */
  INBOUND("inbound"),
  /** From the workers to the platforms. */
  OUTBOUND("outbound");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
