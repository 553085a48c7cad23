/** Rules and dashboards, held against the metrics that workers and operator really show. */
@NullMarked
package io.streamfleet.helm.monitoring;

import org.jspecify.annotations.NullMarked;
