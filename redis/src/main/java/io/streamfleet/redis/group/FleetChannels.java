package io.streamfleet.redis.group;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The Pub/Sub channels to which the workers of a fleet subscribe to show which version of their
 * manifest they run with, and for which loops the endpoint of the handler is unavailable. Nothing
 * is ever published; the subscribers are counted. So nothing is written, a worker that dies is no
 * longer counted, and nothing has to be cleaned up.
 *
 * @param settings prefix of the channels for settings
 * @param unavailable prefix of the channels for endpoints
 */
public record FleetChannels(String settings, String unavailable) {

  /**
   * The channels of one fleet.
   *
   * @param notices for the database that is used
   */
  public static FleetChannels of(NoticeChannels notices, String namespace, String name) {
    String fleet = namespace + "/" + name;
    return new FleetChannels(
        notices.prefix() + ":settings:" + fleet, notices.prefix() + ":unavailable:" + fleet);
  }

  /** The channel of all workers of the fleet. */
  public String all() {
    return settings;
  }

  /** The channel of the workers that run with this version. */
  public String of(String version) {
    return settings + ":" + version;
  }

  /** The channel of the workers whose present manifest is invalid. */
  public String refused() {
    return settings + ":refused";
  }

  /**
   * The channel of the workers for which the endpoint of a handler is unavailable.
   *
   * @param loop the loop of the handler, such as {@code inbound} or {@code outbound-discord}
   */
  public String unavailable(String loop) {
    return unavailable + ":" + loop;
  }

  /**
   * Counts the subscribers of channels.
   *
   * @return empty when it can't be told, as when an ACL forbids PUBSUB NUMSUB
   */
  public static CompletableFuture<Optional<Map<String, Long>>> listeners(
      Link link, List<String> channels) {
    return link.listsOfEveryNode(
            CommandType.PUBSUB,
            () -> {
              var args = Link.args().add("NUMSUB");
              channels.forEach(args::add);
              return args;
            })
        .handle(
            (replies, failure) -> {
              if (failure == null) {
                return Optional.of(sums(replies));
              }
              Throwable cause = Failures.cause(failure);
              if (cause instanceof RedisCommandExecutionException) {
                return Optional.empty();
              }
              throw new CompletionException(cause);
            });
  }

  /** Of {@code {channel, count, channel, count, ...}} from each node. */
  private static Map<String, Long> sums(List<List<Object>> replies) {
    Map<String, Long> sums = new HashMap<>();
    for (List<Object> reply : replies) {
      for (int i = 0; i + 1 < reply.size(); i += 2) {
        sums.merge(Link.text(reply.get(i)), (Long) reply.get(i + 1), Long::sum);
      }
    }
    return sums;
  }
}
