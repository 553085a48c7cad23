/**
 * Decode: the bytes of an entry become a {@link io.streamfleet.worker.decode.Header}, which is all
 * that the pipeline needs, and a {@link io.streamfleet.worker.decode.WirePayload} for the handler;
 * {@link io.streamfleet.worker.decode.PayloadWriter} goes the other way.
 */
@NullMarked
package io.streamfleet.worker.decode;

import org.jspecify.annotations.NullMarked;
