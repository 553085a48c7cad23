/**
 * Decode: the bytes of an entry become a {@link io.streamfleet.wire.Header}, which is all that the
 * pipeline needs, and a {@link io.streamfleet.wire.WirePayload} for the handler; {@link
 * io.streamfleet.wire.PayloadWriter} goes the other way.
 */
@NullMarked
package io.streamfleet.wire;

import org.jspecify.annotations.NullMarked;
