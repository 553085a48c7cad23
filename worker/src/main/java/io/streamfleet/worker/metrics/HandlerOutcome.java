package io.streamfleet.worker.metrics;

/**
 * How one call of a handler ended; the label {@code outcome} of {@code
 * streamfleet_handler_seconds}.
 */
public enum HandlerOutcome {
  /** The message was handled. */
  SUCCESS("success"),
  /** It failed in a way that another attempt may cure. */
  TRANSIENT_FAILURE("transient_failure"),
  /** It failed in a way that no attempt cures. */
  PERMANENT_FAILURE("permanent_failure"),
  /** What the handler needs is away, whatever the message. */
  UNAVAILABLE("unavailable"),
  /** The machine did not let it work, whatever the message. */
  HINDERED("hindered"),
  /** The worker stopped it: its lock or its ownership was lost, or the worker drains. */
  INTERRUPTED("interrupted"),
  /** A user stopped it. */
  CANCELLED("cancelled");

  private final String label;

  HandlerOutcome(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
