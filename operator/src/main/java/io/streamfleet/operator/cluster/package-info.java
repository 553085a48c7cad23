/** Observes a resource's objects in Kubernetes, reduced to what the operator uses. */
@NullMarked
package io.streamfleet.operator.cluster;

import org.jspecify.annotations.NullMarked;
