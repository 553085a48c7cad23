/** Consumer names, kept right like any other resource: those of pods that are gone go too. */
@NullMarked
package io.streamfleet.operator.consumers;

import org.jspecify.annotations.NullMarked;
