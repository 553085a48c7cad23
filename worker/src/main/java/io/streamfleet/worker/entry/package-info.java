/** The data of an entry in flight, which the stations of a pipeline pass on. */
@NullMarked
package io.streamfleet.worker.entry;

import org.jspecify.annotations.NullMarked;
