package io.streamfleet.handler;

/** The direction of an entry; metrics have {@link #label()} as a label. */
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
