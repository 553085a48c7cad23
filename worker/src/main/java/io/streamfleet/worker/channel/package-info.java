/** Step 3: an in-process FIFO for each channel. */
@NullMarked
package io.streamfleet.worker.channel;

import org.jspecify.annotations.NullMarked;
