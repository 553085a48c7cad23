package io.streamfleet.worker.partition;

/**
 * A lease that Redis granted.
 *
 * @param token what our scripts show of it; never used twice
 * @param epoch above that of every grant of the partition before, so that whatever a handler
 *     changes can refuse who had the partition earlier
 */
public record Grant(String token, long epoch) {}
