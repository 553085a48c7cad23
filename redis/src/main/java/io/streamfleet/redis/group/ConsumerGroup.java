package io.streamfleet.redis.group;

/**
 * A consumer group of a stream.
 *
 * @param stream the key of the stream
 * @param group the name of the group, unique only within its stream
 */
public record ConsumerGroup(String stream, String group) {}
