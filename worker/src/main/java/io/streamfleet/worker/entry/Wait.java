package io.streamfleet.worker.entry;

import java.time.Duration;

/**
 * The wait of an entry whose last attempt failed before it came to this consumer, as stored in
 * Redis.
 *
 * @param left the remaining time, not negative
 * @param failedAttempt the number of the attempt that failed
 */
public record Wait(Duration left, int failedAttempt) {}
