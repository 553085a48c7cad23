/** Tests of the bench: that it runs and gives figures, never which. */
@NullMarked
package io.streamfleet.bench;

import org.jspecify.annotations.NullMarked;
