package io.streamfleet.worker.breaker;

/** Why a breaker opened; the label {@code cause} of {@code streamfleet_breaker_opened_total}. */
public enum Cause {
  /** The endpoint could not be reached, or answered that it is unavailable. */
  UNAVAILABLE("unavailable"),
  /** Nearly all messages failed, for whatever reasons. */
  FAILING("failing");

  private final String label;

  Cause(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
