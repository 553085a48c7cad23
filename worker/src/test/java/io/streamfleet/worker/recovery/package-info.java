/** What outlives the death of a worker, of a connection, of a server. */
@NullMarked
package io.streamfleet.worker.recovery;

import org.jspecify.annotations.NullMarked;
