/**
 * Distributed traces: a span for each attempt, and for what is sent because of it. {@link
 * io.streamfleet.worker.telemetry.Telemetry} begins with it if it is configured; a worker without
 * it loads no class of OpenTelemetry.
 */
@NullMarked
package io.streamfleet.worker.telemetry;

import org.jspecify.annotations.NullMarked;
