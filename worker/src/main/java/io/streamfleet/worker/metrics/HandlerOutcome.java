package io.streamfleet.worker.metrics;

/**
 * How one call of a handler ended; the label {@code outcome} of {@code
 * streamfleet_handler_seconds}.
 */
public enum HandlerOutcome {
  /** The message was handled. */
  SUCCESS("success"),
  /** It failed in a way that another attempt may avoid. */
  TRANSIENT_FAILURE("transient_failure"),
  /** It failed in a way that no attempt can avoid. */
  PERMANENT_FAILURE("permanent_failure"),
  /** Something that the handler needs is unavailable, whatever the message. */
  UNAVAILABLE("unavailable"),
  /** A limit of the message's channel was used up. */
  LIMITED("limited"),
  /** A resource of the machine was used up, whatever the message. */
  HINDERED("hindered"),
  /** The worker interrupted it: its lock or its ownership was lost, or the worker drains. */
  INTERRUPTED("interrupted"),
  /** A user cancelled it. */
  CANCELLED("cancelled");

  private final String label;

  HandlerOutcome(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
