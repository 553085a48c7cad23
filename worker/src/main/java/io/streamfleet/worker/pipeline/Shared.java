package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.metrics.WorkerMetrics;
import io.streamfleet.worker.read.Credits;
import io.streamfleet.worker.telemetry.Tracing;

/**
 * What the stations of one pipeline share.
 *
 * @param commands the connection for everything that does not block
 * @param loop owns all state of the pipeline
 * @param credits the limits of what is in flight
 * @param tracing records attempts, and what is sent because of them
 */
record Shared(
    PipelineSettings settings,
    SettingsInForce inForce,
    Link commands,
    EventLoop loop,
    IntakeSwitch intakeSwitch,
    Credits credits,
    PipelineLog log,
    FailingCalls failing,
    WorkerMetrics metrics,
    Tracing tracing) {}
