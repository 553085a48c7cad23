package io.streamfleet.worker.breaker;

/** Whether a failure uses up an attempt of its message. */
public enum Charge {
  ATTEMPT,
  NOTHING
}
