package io.streamfleet.worker.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Whose spans they are.
 *
 * @param namespace of the resource; null outside Kubernetes
 * @param name of the resource; the service, unless the environment names another
 * @param consumer the consumer name of this worker
 * @param version of this worker
 */
record TracedProcess(@Nullable String namespace, String name, String consumer, String version) {}
