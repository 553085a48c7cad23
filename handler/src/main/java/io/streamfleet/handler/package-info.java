/**
 * The API for authors of handlers: {@link io.streamfleet.handler.MessageHandler} is the interface
 * between Streamfleet and user code.
 */
@NullMarked
package io.streamfleet.handler;

import org.jspecify.annotations.NullMarked;
