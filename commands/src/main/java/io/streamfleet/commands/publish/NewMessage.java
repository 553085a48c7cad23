package io.streamfleet.commands.publish;

import java.util.Map;

/**
 * A message before it is written.
 *
 * @param payload plain values, as {@link io.streamfleet.wire.PayloadWriter} takes them
 */
record NewMessage(Map<String, Object> payload, String traceId) {}
