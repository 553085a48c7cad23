/** Records which entries are with handlers, in a file that survives the death of the process. */
@NullMarked
package io.streamfleet.worker.begun;

import org.jspecify.annotations.NullMarked;
