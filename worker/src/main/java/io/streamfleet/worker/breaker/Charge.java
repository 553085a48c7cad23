package io.streamfleet.worker.breaker;

/** Whether a failure uses up an attempt of its message. */
public enum Charge {
  ATTEMPT,
  /** It does not, for the endpoint is away. */
  NOTHING,
  /** It does not, unless this message may be the reason that the endpoint is away. */
  FORGIVEN
}
