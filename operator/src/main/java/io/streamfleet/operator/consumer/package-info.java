/** Cleans up consumers of pods that are gone. */
@NullMarked
package io.streamfleet.operator.consumer;

import org.jspecify.annotations.NullMarked;
