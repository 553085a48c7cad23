/** What a person would want to know, as Kubernetes Events. */
@NullMarked
package io.streamfleet.operator.event;

import org.jspecify.annotations.NullMarked;
