/** A worker leaves in good order. */
@NullMarked
package io.streamfleet.worker.drain;

import org.jspecify.annotations.NullMarked;
