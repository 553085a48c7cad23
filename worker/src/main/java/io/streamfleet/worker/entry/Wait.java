package io.streamfleet.worker.entry;

import java.time.Duration;

/**
 * The wait that an entry brings along whose last attempt failed elsewhere.
 *
 * @param left how much of it is left, not negative
 * @param failedAttempt the number of the attempt that failed
 */
public record Wait(Duration left, int failedAttempt) {}
