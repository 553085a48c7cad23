/** Consumer names, kept right like any other resource: those of pods that are gone go too. */
@NullMarked
package io.streamfleet.operator.consumer;

import org.jspecify.annotations.NullMarked;
