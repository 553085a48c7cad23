/**
 * The room where an entry meets the user's code: the handlers that Streamfleet brings along, and
 * how a handler class is found. The seam itself is {@link io.streamfleet.handler}.
 */
@NullMarked
package io.streamfleet.worker.handle;

import org.jspecify.annotations.NullMarked;
