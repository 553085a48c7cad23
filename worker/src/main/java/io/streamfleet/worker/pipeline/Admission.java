package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.breaker.Charge;
import io.streamfleet.worker.breaker.Failure;
import io.streamfleet.worker.channel.Gate;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.suspect.Trial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The gate of a pipeline, which follows the breaker of its endpoint: while the breaker is open,
 * entries keep their places and only the probe passes. Belongs to the pipeline's loop, except for
 * {@link #admits}.
 */
final class Admission implements Gate {

  /**
   * So many entries in flight are enough for probes. While a worker can handle nothing, it leaves
   * further entries to workers that can.
   */
  private static final int ENOUGH_TO_PROBE = 16;

  private final Breaker breaker;
  private final Trial ofProcess;
  private final Trial ofEndpoint;
  private final Credits credits;
  private boolean shut;
  private boolean sending;
  private Outcome.@Nullable Failed lastFailure;

  /**
   * @param credits tells how many entries are in flight
   */
  Admission(Endpoint endpoint, Credits credits) {
    this.breaker = endpoint.breaker();
    this.ofProcess = endpoint.ofProcess();
    this.ofEndpoint = endpoint.trial();
    this.credits = credits;
  }

  @Override
  public boolean isShut() {
    return shut;
  }

  /**
   * Follows the breaker, which another pipeline may have opened or closed.
   *
   * @return whether it has changed
   */
  boolean follow() {
    boolean changed = breaker.isOpen() != shut;
    if (changed) {
      shut = !shut;
      sending = false;
    }
    return changed;
  }

  /** Whether more entries may come in. Otherwise they are left to workers that can start them. */
  boolean takesIn() {
    return !isTrialOn() && (!shut || credits.inFlight() < ENOUGH_TO_PROBE);
  }

  /** Whether suspects are being tried, so that all other entries wait. */
  boolean isTrialOn() {
    return ofProcess.isOn() || ofEndpoint.isOn();
  }

  /** Whether a handler may start with an entry. Thread-safe. */
  boolean admits(Entry entry) {
    return breaker.admits(entry);
  }

  // --- the probe

  /** Whether a probe was requested and has not started yet. */
  boolean isSending() {
    return sending;
  }

  /** Sets whether a probe is requested. */
  void sending(boolean asked) {
    sending = asked;
  }

  @Override
  public boolean probe(Entry entry) {
    boolean mayGo = sending;
    if (mayGo) {
      sending = false;
      breaker.begin(entry);
    }
    return mayGo;
  }

  // --- outcomes

  boolean isProbe(Entry entry) {
    return breaker.isProbe(entry);
  }

  /** Reports an outcome to the breaker. Returns whether it uses an attempt. */
  Charge ended(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Success _ -> breaker.succeeded(entry);
      case Outcome.Failed failed -> {
        return isOfTheLastCall(failed)
            ? breaker.failedWithIt(entry, kind(failed))
            : breaker.failed(entry, kind(failed), failed.failure());
      }
      case Outcome.Limited _,
          Outcome.BatchFailed _,
          Outcome.Hindered _,
          Outcome.Interrupted _,
          Outcome.NotPermitted _,
          Outcome.NotRun _ ->
          breaker.ended(entry);
    }
    return Charge.NOTHING;
  }

  /** The entries of a batch that failed share their outcome, and complete together. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isOfTheLastCall(Outcome.Failed failed) {
    boolean isSame = failed == lastFailure;
    lastFailure = failed;
    return isSame;
  }

  private static Failure kind(Outcome.Failed failed) {
    return switch (failed) {
      case Outcome.Unavailable(_, var retryAfter) ->
          new Failure.Unavailable(retryAfter.orElse(Duration.ZERO));
      case Outcome.Broken _ -> new Failure.Broken();
      case Outcome.Transient _, Outcome.Permanent _ -> new Failure.OfMessage();
    };
  }
}
