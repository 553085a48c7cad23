package io.streamfleet.worker.entry;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.ConsumerGroup;

/**
 * A stream, with the group and consumer name by which this worker reads it.
 *
 * @param stream the key of the stream
 * @param group the consumer group
 * @param consumer the consumer name of this worker
 */
public record StreamConsumer(Direction direction, String stream, String group, String consumer) {

  /** The stream and its group. */
  public ConsumerGroup consumerGroup() {
    return new ConsumerGroup(stream, group);
  }
}
