package io.streamfleet.worker.partition;

/**
 * A lease that Redis granted.
 *
 * @param token identifies the grant in scripts; never used twice
 * @param epoch higher than that of all earlier grants of the partition: a fencing token, by which a
 *     system that a handler writes to can refuse an earlier owner
 */
public record Grant(String token, long epoch) {}
