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

/**
 * Whether entries of a pipeline may meet the handler, by the breaker of its endpoint: while that is
 * open they keep their places, and only the probe is let through. Belongs to the pipeline's loop,
 * but for {@link #admits}.
 */
final class Admission implements Gate {

  /**
   * So many entries in flight are enough to probe with. A worker that can handle nothing leaves
   * what is new to those that can.
   */
  private static final int ENOUGH_TO_PROBE = 16;

  private final Breaker breaker;
  private final Trial ofProcess;
  private final Trial ofEndpoint;
  private final Credits credits;
  private boolean shut;
  private boolean sending;

  /**
   * @param credits how many are in flight
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

  /** The breaker may have opened or closed, perhaps by another pipeline; whether it has. */
  boolean follow() {
    boolean news = breaker.isOpen() != shut;
    if (news) {
      shut = !shut;
      sending = false;
    }
    return news;
  }

  /** Whether more entries are to be taken in: others may begin with them, and this worker not. */
  boolean takesIn() {
    return !isTrialOn() && (!shut || credits.inFlight() < ENOUGH_TO_PROBE);
  }

  /** Whether suspects are tried, and all others wait. */
  boolean isTrialOn() {
    return ofProcess.isOn() || ofEndpoint.isOn();
  }

  /** Whether a handler's thread may begin with an entry. Safe for any thread. */
  boolean admits(Entry entry) {
    return breaker.admits(entry);
  }

  // --- the probe

  /** Whether a probe was asked for that has not met the handler yet. */
  boolean isSending() {
    return sending;
  }

  /** A probe is asked for, or not any more. */
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

  // --- what came of entries

  boolean isProbe(Entry entry) {
    return breaker.isProbe(entry);
  }

  /** Tells the breaker, and hears whether an attempt is used up. */
  Charge ended(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Success _ -> breaker.succeeded(entry);
      case Outcome.Failed failed -> {
        return breaker.failed(entry, kind(failed), failed.failure());
      }
      case Outcome.Hindered _, Outcome.Interrupted _, Outcome.NotRun _ -> breaker.ended(entry);
    }
    return Charge.NOTHING;
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
