package io.streamfleet.worker.partition;

import java.time.Duration;

/**
 * What Redis said of a lease that is renewed.
 *
 * @param left how much was left of it before. The owner counts on this from when it sent the call,
 *     and not on the whole term: a failover may lose the renewal
 * @param settlements how many Redis took under the grant
 */
public record Renewed(Duration left, long settlements) {}
