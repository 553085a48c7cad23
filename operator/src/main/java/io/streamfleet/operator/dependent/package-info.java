/**
 * What a fleet has in Kubernetes, written where it differs from what is wanted. What is wanted is
 * decided in {@code desired}.
 */
@NullMarked
package io.streamfleet.operator.dependent;

import org.jspecify.annotations.NullMarked;
