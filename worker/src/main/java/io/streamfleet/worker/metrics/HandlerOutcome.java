package io.streamfleet.worker.metrics;

import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.Outcome;
import org.jspecify.annotations.Nullable;

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

  /** That of a call; null if the handler was not called. */
  public static @Nullable HandlerOutcome of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Success _ -> SUCCESS;
      case Outcome.Transient _, Outcome.Broken _, Outcome.BatchFailed _ -> TRANSIENT_FAILURE;
      case Outcome.Unavailable _ -> UNAVAILABLE;
      case Outcome.Permanent _ -> PERMANENT_FAILURE;
      case Outcome.Limited _ -> LIMITED;
      case Outcome.Hindered _ -> HINDERED;
      case Outcome.Interrupted(Interruption why) ->
          why == Interruption.CANCELLED ? CANCELLED : INTERRUPTED;
      case Outcome.NotPermitted _, Outcome.NotRun _ -> null;
    };
  }

  public String label() {
    return label;
  }
}
