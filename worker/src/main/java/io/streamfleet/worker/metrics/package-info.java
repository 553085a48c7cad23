/**
 * The metrics of a worker. Other packages report here; this package does not depend on them, except
 * for {@code entry}.
 */
@NullMarked
package io.streamfleet.worker.metrics;

import org.jspecify.annotations.NullMarked;
