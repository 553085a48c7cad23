/** Distributed traces, as a collector receives them. */
@NullMarked
package io.streamfleet.worker.telemetry;

import org.jspecify.annotations.NullMarked;
