/** An entry of a stream on its way through the worker. */
@NullMarked
package io.streamfleet.worker.entry;

import org.jspecify.annotations.NullMarked;
