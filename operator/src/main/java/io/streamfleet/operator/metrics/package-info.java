/** What Prometheus is shown of the operator itself. */
@NullMarked
package io.streamfleet.operator.metrics;

import org.jspecify.annotations.NullMarked;
