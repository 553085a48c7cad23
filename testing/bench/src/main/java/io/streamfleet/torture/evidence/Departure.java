package io.streamfleet.torture.evidence;

/**
 * A worker's process that ended.
 *
 * @param consumed whether it had come so far as to consume
 * @param from when it was told to
 * @param at when it was gone
 */
public record Departure(String worker, Why why, int status, boolean consumed, long from, long at) {

  /** Why it ended. */
  public enum Why {
    /** SIGTERM. */
    ASKED,
    /** SIGKILL. */
    KILLED,
    /** Nobody did anything to it. */
    BY_ITSELF
  }
}
