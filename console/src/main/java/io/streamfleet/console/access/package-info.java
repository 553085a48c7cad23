/** Who asks, and what they may see and change. */
@NullMarked
package io.streamfleet.console.access;

import org.jspecify.annotations.NullMarked;
