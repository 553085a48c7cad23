/**
 * What a worker shows of itself: its metrics, whether it is alive and ready, and the port they are
 * read from. Every other room reports here; this package asks nothing of them.
 */
@NullMarked
package io.streamfleet.worker.metrics;

import org.jspecify.annotations.NullMarked;
