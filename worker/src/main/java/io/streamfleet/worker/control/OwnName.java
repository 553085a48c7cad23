package io.streamfleet.worker.control;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.List;

/**
 * Sees to it that a consumer name is used once: two workers of one name would take each other's
 * entries for their own. Every worker listens for its notices, so a hearer tells that the name is
 * in use.
 */
public final class OwnName {

  private OwnName() {}

  /**
   * Asks Redis; before this worker listens itself.
   *
   * @param prefix how the channels of notices begin
   * @param streams what is to be read, with the name to be used for it
   * @throws IllegalStateException when a living worker uses the name for one of them
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
                + " is in use by a living worker; give each its own by --consumer or POD_NAME");
      }
    }
  }
}
