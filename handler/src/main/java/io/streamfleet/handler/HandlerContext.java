package io.streamfleet.handler;

import java.util.Map;

/**
 * What a handler gets when it starts.
 *
 * @param direction that it serves
 * @param consumer the consumer name of this worker in its groups
 * @param options {@code handler.options} of the manifest
 */
public record HandlerContext(Direction direction, String consumer, Map<String, String> options) {}
