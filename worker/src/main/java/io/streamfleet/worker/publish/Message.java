package io.streamfleet.worker.publish;

import java.util.Map;

/**
 * A message before it is written.
 *
 * @param payload plain values, as {@link io.streamfleet.worker.decode.PayloadWriter} takes them
 */
record Message(Map<String, Object> payload, String traceId) {}
