package io.streamfleet.redis.group;

/**
 * A consumer group of a stream.
 *
 * @param stream the key of the stream
 * @param group the name of the group, unique within its stream only
 */
public record ConsumerGroup(String stream, String group) {}
