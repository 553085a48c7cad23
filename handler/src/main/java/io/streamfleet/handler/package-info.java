/**
 * What the author of a handler needs, and nothing else: {@link
 * io.streamfleet.handler.MessageHandler} is the seam between Streamfleet and the user's code.
 */
@NullMarked
package io.streamfleet.handler;

import org.jspecify.annotations.NullMarked;
