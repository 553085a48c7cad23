package io.streamfleet.worker.control;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.List;

/**
 * Checks that no other worker uses the same consumer name: two workers of one name would settle
 * each other's entries. Every worker subscribes to the notices for its name, so a subscriber means
 * that the name is in use.
 */
public final class OwnName {

  private OwnName() {}

  /**
   * Asks Redis for subscribers. To be called before this worker subscribes itself. If Redis does
   * not say, the name counts as free.
   *
   * @param prefix the prefix of the channels of notices
   * @param streams the streams to be read, with the consumer name
   * @throws IllegalStateException if a running worker uses the name for one of them
   */
  public static void require(Link link, String prefix, List<StreamConsumer> streams) {
    NoticeChannels channels = NoticeChannels.of(link, prefix);
    for (StreamConsumer stream : streams) {
      if (channels
          .isListening(link, stream.consumerGroup(), stream.consumer())
          .join()
          .orElse(false)) {
        throw new IllegalStateException(
            "the consumer name "
                + stream.consumer()
                + " is in use by a running worker; give each its own by --consumer or POD_NAME");
      }
    }
  }
}
