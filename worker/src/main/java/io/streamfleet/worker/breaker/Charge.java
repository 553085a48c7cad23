package io.streamfleet.worker.breaker;

/** Whether a failure uses an attempt of its message. */
public enum Charge {
  ATTEMPT,
  /** It does not, because the endpoint is unavailable. */
  NOTHING,
  /** It does not, unless the message itself may be what made the endpoint unavailable. */
  FORGIVEN
}
