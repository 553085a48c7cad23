package io.streamfleet.commands.publish;

import java.util.Map;

/**
 * A message to publish.
 *
 * @param payload the fields, with values that {@link io.streamfleet.wire.PayloadWriter} supports
 */
record NewMessage(Map<String, Object> payload, String traceId) {}
