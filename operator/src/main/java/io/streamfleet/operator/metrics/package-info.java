/** The operator's metrics for Prometheus. */
@NullMarked
package io.streamfleet.operator.metrics;

import org.jspecify.annotations.NullMarked;
