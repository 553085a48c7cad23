package io.streamfleet.handler;

import java.util.Map;

/**
 * A message for a platform.
 *
 * @param platform selects the outbound stream, through {@code outbound.streamTemplate}
 * @param payload plain Java values as in {@link Payload#toMap()}; written as msgpack
 */
public record OutboundMessage(String platform, Map<String, Object> payload) {}
