/**
 * Calls handlers: over HTTP, in Java and built in; finds handler classes, and classifies outcomes.
 * The API of handlers is {@link io.streamfleet.handler}.
 */
@NullMarked
package io.streamfleet.worker.handle;

import org.jspecify.annotations.NullMarked;
