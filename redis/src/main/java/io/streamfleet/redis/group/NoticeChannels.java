package io.streamfleet.redis.group;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The channels on which the consumers of a group tell each other what to do now instead of later.
 * Nothing depends on a notice being heard.
 *
 * @param prefix what all names of channels begin with, in the database that is used
 */
public record NoticeChannels(String prefix) {

  /**
   * The channels of the database that a connection uses: groups of the same names in another one
   * are others.
   *
   * @param prefix as a manifest sets it
   */
  public static NoticeChannels of(Link link, String prefix) {
    return new NoticeChannels(link.channel(prefix));
  }

  /** Published to a group: something was made claimable. */
  public static final String SWEEP = "sweep";

  /** Published to a consumer, with ids behind it: these entries are pending for you now. */
  public static final String HANDED_OVER = "handed-over ";

  /** The channel for all consumers of a group. */
  public String ofGroup(ConsumerGroup group) {
    return prefix + ":" + group.stream() + ":" + group.group();
  }

  /** What the name of a consumer follows in the channel for it alone. */
  public String consumerPrefix(ConsumerGroup group) {
    return ofGroup(group) + ":";
  }

  /** The channel for one consumer. */
  public String ofConsumer(ConsumerGroup group, String consumer) {
    return consumerPrefix(group) + consumer;
  }

  /**
   * Asks the consumers of a group to look for something to claim; completes with how many heard of
   * it, as far as the node that was asked knows.
   */
  public CompletableFuture<Long> sweep(Link link, ConsumerGroup group) {
    return link.number(CommandType.PUBLISH, Link.args().add(ofGroup(group)).add(SWEEP));
  }

  /**
   * Whether a worker of this name is connected: every worker listens for its notices. A worker
   * whose machine went down without a word is listening until Redis finds its connection dead
   * ({@code tcp-keepalive}, 300 s by default).
   *
   * @return empty when nobody can say, as when an ACL forbids the question (PUBSUB NUMSUB)
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
