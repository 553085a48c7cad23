/**
 * Decodes entries: the bytes become a {@link io.streamfleet.wire.Header}, which is all that the
 * pipeline needs, and a {@link io.streamfleet.wire.WirePayload} for the handler. {@link
 * io.streamfleet.wire.PayloadWriter} encodes.
 */
@NullMarked
package io.streamfleet.wire;

import org.jspecify.annotations.NullMarked;
