/** Metrics that several processes expose under the same names. */
@NullMarked
package io.streamfleet.process.metrics;

import org.jspecify.annotations.NullMarked;
