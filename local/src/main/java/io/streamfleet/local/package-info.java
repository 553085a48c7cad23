/** A fleet on one machine, with the same processes as in production. */
@NullMarked
package io.streamfleet.local;

import org.jspecify.annotations.NullMarked;
