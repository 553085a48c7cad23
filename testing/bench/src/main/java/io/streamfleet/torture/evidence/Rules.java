package io.streamfleet.torture.evidence;

/**
 * The settings of the fleet that the verdict depends on; times in nanoseconds.
 *
 * @param oneStep whether operations on several keys are atomic: not in a Cluster, where the keys
 *     have different slots
 */
public record Rules(
    int maxAttempts,
    int maxDeliveries,
    long lockTtl,
    long handlerTimeout,
    long drainTimeout,
    boolean oneStep) {

  /** Whether the call ended by the worker's handler timeout, and not for another reason. */
  public boolean timedOut(Handling handling) {
    // The worker's timeout starts when it connects, our measurement when the request is received.
    return handling.ending() == Handling.Ending.HUNG_UP
        && handling.nanos() > handlerTimeout - handlerTimeout / 10;
  }

  /** Whether a call counts as a failed attempt. */
  public boolean failed(Handling handling) {
    return handling.ending().isFailure() || timedOut(handling);
  }
}
