/** A fleet on one machine, made of the same processes that run elsewhere. */
@NullMarked
package io.streamfleet.local;

import org.jspecify.annotations.NullMarked;
