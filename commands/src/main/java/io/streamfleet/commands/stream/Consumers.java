package io.streamfleet.commands.stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The consumers of a group, and its position.
 *
 * @param lastDelivered the id of the last entry that was delivered to the group
 */
public record Consumers(List<ObservedConsumer> all, Optional<EntryId> lastDelivered) {

  /** Added to the limit, as calls of a busy or distant machine can be late. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * Reads the consumers and the position of a group from Redis.
   *
   * @return empty if the stream or the group does not exist
   */
  public static Optional<Consumers> of(Link link, ConsumerGroup group) {
    List<Object> groups;
    List<Object> consumers;
    try {
      groups =
          RedisReply.of(
              () -> link.list(CommandType.XINFO, Link.args().add("GROUPS").addKey(group.stream())));
      consumers =
          RedisReply.of(
              () ->
                  link.list(
                      CommandType.XINFO,
                      Link.args().add("CONSUMERS").addKey(group.stream()).add(group.group())));
    } catch (RedisCommandExecutionException e) {
      if (Failures.isNoGroup(e) || Failures.isNoKey(e)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(
        new Consumers(
            consumers.stream().map(Consumers::fields).map(Consumers::consumer).toList(),
            groups.stream()
                .map(Consumers::fields)
                .filter(it -> text(it, "name").equals(group.group()))
                .map(it -> EntryId.parse(text(it, "last-delivered-id")))
                .findFirst()));
  }

  /**
   * Whether a consumer counts as alive. A worker reads at least every {@code read.block}, or if it
   * has no room to read, renews at least every third of {@code autoclaim.minIdle}. A consumer is
   * alive if its last call was within twice the longer of these times, plus one second.
   */
  public static boolean isAlive(StreamConsumerGroupSpec spec, ObservedConsumer consumer) {
    Duration renewal = spec.autoclaim().minIdle().dividedBy(3);
    Duration block = spec.read().block();
    Duration longest = renewal.compareTo(block) > 0 ? renewal : block;
    return consumer
        .idle()
        .filter(it -> it.compareTo(longest.multipliedBy(2).plus(GRACE)) > 0)
        .isEmpty();
  }

  private static ObservedConsumer consumer(Map<String, Object> row) {
    return new ObservedConsumer(
        text(row, "name"),
        (Long) row.getOrDefault("pending", 0L),
        Optional.ofNullable((Long) row.get("idle")).map(Duration::ofMillis),
        Optional.ofNullable((Long) row.get("inactive"))
            .filter(it -> it >= 0)
            .map(Duration::ofMillis));
  }

  private static Map<String, Object> fields(Object reply) {
    List<?> row = (List<?>) reply;
    Map<String, Object> fields = new HashMap<>();
    for (int i = 0; i + 1 < row.size(); i += 2) {
      if (row.get(i + 1) != null) {
        fields.put(Link.text(row.get(i)), row.get(i + 1));
      }
    }
    return fields;
  }

  private static String text(Map<String, Object> row, String name) {
    return Link.text(row.getOrDefault(name, ""));
  }
}
