package io.streamfleet.torture.evidence;

/**
 * The settings of the fleet that the verdict depends on; times in nanoseconds.
 *
 * @param oneStep whether Redis does what belongs together in one step: not in a Cluster, where the
 *     keys have slots of their own
 */
public record Rules(
    int maxAttempts,
    int maxDeliveries,
    long lockTtl,
    long handlerTimeout,
    long drainTimeout,
    boolean oneStep) {

  /** Whether the worker lost patience, rather than hanging up for another reason. */
  public boolean timedOut(Handling handling) {
    // The worker's time begins when it connects, ours when the request is there.
    return handling.ending() == Handling.Ending.HUNG_UP
        && handling.nanos() > handlerTimeout - handlerTimeout / 10;
  }

  /** Whether a call counts as a failed attempt. */
  public boolean failed(Handling handling) {
    return handling.ending().isFailure() || timedOut(handling);
  }
}
