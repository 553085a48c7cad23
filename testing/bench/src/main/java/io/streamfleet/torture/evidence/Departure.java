package io.streamfleet.torture.evidence;

/**
 * The exit of a worker's process.
 *
 * @param consumed whether it had started to consume
 * @param from when it was signalled
 * @param at when it had exited
 */
public record Departure(String worker, Why why, int status, boolean consumed, long from, long at) {

  /** The cause of the exit. */
  public enum Why {
    /** SIGTERM. */
    ASKED,
    /** SIGKILL. */
    KILLED,
    /** It exited without a signal. */
    BY_ITSELF
  }
}
