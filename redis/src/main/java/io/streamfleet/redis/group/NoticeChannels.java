package io.streamfleet.redis.group;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The Pub/Sub channels on which the consumers of a group notify each other, so that they act at
 * once instead of later. Nothing depends on a notice being received.
 *
 * @param prefix of all channels in the database that is used
 */
public record NoticeChannels(String prefix) {

  /**
   * The channels for the database of a connection: groups of the same name in another database have
   * other channels.
   *
   * @param prefix as set in the manifest
   */
  public static NoticeChannels of(Link link, String prefix) {
    return new NoticeChannels(link.channel(prefix));
  }

  /** Published to a group: entries were made claimable. */
  public static final String SWEEP = "sweep";

  /** Published to a consumer, followed by ids: these entries are now pending for it. */
  public static final String HANDED_OVER = "handed-over ";

  /** The channel for all consumers of a group. */
  public String ofGroup(ConsumerGroup group) {
    return prefix + ":" + group.stream() + ":" + group.group();
  }

  /** The channel of a single consumer without the consumer's name. */
  public String consumerPrefix(ConsumerGroup group) {
    return ofGroup(group) + ":";
  }

  /** The channel for one consumer. */
  public String ofConsumer(ConsumerGroup group, String consumer) {
    return consumerPrefix(group) + consumer;
  }

  /**
   * Asks the consumers of a group to look for claimable entries; completes with the number of
   * receivers, as far as the asked node knows.
   */
  public CompletableFuture<Long> sweep(Link link, ConsumerGroup group) {
    return link.number(CommandType.PUBLISH, Link.args().add(ofGroup(group)).add(SWEEP));
  }

  /**
   * Whether a worker of this name is connected: every worker subscribes to its notices. A worker
   * whose machine crashed counts as connected until Redis finds its connection dead ({@code
   * tcp-keepalive}, 300 s by default).
   *
   * @return empty when it can't be told, as when an ACL forbids PUBSUB NUMSUB
   */
  public CompletableFuture<Optional<Boolean>> isListening(
      Link link, ConsumerGroup group, String consumer) {
    String channel = ofConsumer(group, consumer);
    return link.listsOfEveryNode(CommandType.PUBSUB, () -> Link.args().add("NUMSUB").add(channel))
        .handle(
            (replies, failure) -> {
              if (failure == null) {
                return Optional.of(
                    replies.stream()
                        .anyMatch(reply -> reply.getLast() instanceof Long heard && heard > 0));
              }
              Throwable cause = Failures.cause(failure);
              if (cause instanceof RedisCommandExecutionException) {
                return Optional.empty();
              }
              throw new CompletionException(cause);
            });
  }
}
