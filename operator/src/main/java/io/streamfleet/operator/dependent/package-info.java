/**
 * The objects of a fleet in Kubernetes, applied where they differ from the desired state, which
 * {@code desired} computes.
 */
@NullMarked
package io.streamfleet.operator.dependent;

import org.jspecify.annotations.NullMarked;
