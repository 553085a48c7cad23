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
 * The channels at which the workers of a fleet listen to show which version of their manifest they
 * run by. Nothing is ever published there: whoever wants to know counts who listens. So nothing is
 * written, a worker that dies is counted no more, and nothing has to be cleaned up.
 *
 * @param prefix what all of them begin with
 */
public record SettingsChannels(String prefix) {

  /**
   * Those of one fleet.
   *
   * @param notices of the database that is used
   */
  public static SettingsChannels of(NoticeChannels notices, String namespace, String name) {
    return new SettingsChannels(notices.prefix() + ":settings:" + namespace + "/" + name);
  }

  /** Where every worker of the fleet listens. */
  public String all() {
    return prefix;
  }

  /** Where those listen that run by this version. */
  public String of(String version) {
    return prefix + ":" + version;
  }

  /** Where those listen that were given a manifest that they cannot use. */
  public String refused() {
    return prefix + ":refused";
  }

  /**
   * Counts who listens at channels.
   *
   * @return empty when nobody can say, as when an ACL forbids the question (PUBSUB NUMSUB)
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
