package io.streamfleet.worker.entry;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.ConsumerGroup;

/**
 * A stream that is read, as what, and for whom.
 *
 * @param stream the key of the stream
 * @param group the consumer group
 * @param consumer the name of this worker in it
 */
public record StreamConsumer(Direction direction, String stream, String group, String consumer) {

  /** The group that is read. */
  public ConsumerGroup consumerGroup() {
    return new ConsumerGroup(stream, group);
  }
}
