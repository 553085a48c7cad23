/** Kubernetes Events for users. */
@NullMarked
package io.streamfleet.operator.event;

import org.jspecify.annotations.NullMarked;
