/** Every kind of server that a worker may meet. */
@NullMarked
package io.streamfleet.worker.servers;

import org.jspecify.annotations.NullMarked;
