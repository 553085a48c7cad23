/** A pipeline: the stations of an entry from read to acknowledgement; see {@code EntryPath}. */
@NullMarked
package io.streamfleet.worker.pipeline;

import org.jspecify.annotations.NullMarked;
