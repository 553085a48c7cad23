package io.streamfleet.worker.fleet;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Redis knows of one stream's group.
 *
 * @param traffic the client that asks
 */
public record GroupView(Traffic traffic, String stream, String group) {

  /** A row of the pending entries list. */
  public record Row(String id, String consumer, long idleMillis, long deliveries) {}

  /** The pending entries list. */
  public List<Row> rows() {
    return traffic.redis().xpending(stream, group, Range.unbounded(), Limit.from(100_000)).stream()
        .map(
            row ->
                new Row(
                    row.getId(),
                    row.getConsumer(),
                    row.getMsSinceLastDelivery(),
                    row.getRedeliveryCount()))
        .toList();
  }

  /** The only row of the pending entries list. */
  public Row row() {
    List<Row> rows = rows();
    if (rows.size() != 1) {
      throw new AssertionError("not one entry pending: " + rows);
    }
    return rows.getFirst();
  }

  public boolean isEmpty() {
    return traffic.pending(stream, group) == 0;
  }

  /** Delivers up to so many new entries to a consumer that will never do anything with them. */
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  public void deliverTo(String consumer, int count) {
    traffic
        .redis()
        .xreadgroup(
            io.lettuce.core.Consumer.from(group, consumer),
            io.lettuce.core.XReadArgs.Builder.count(count),
            io.lettuce.core.XReadArgs.StreamOffset.lastConsumed(stream));
  }

  /** Creates the group, and the stream with it. */
  public GroupView created() {
    traffic
        .redis()
        .xgroupCreate(
            io.lettuce.core.XReadArgs.StreamOffset.from(stream, "0"),
            group,
            io.lettuce.core.XGroupCreateArgs.Builder.mkstream());
    return this;
  }

  /** Names of the consumers. */
  public List<String> consumers() {
    return traffic.redis().xinfoConsumers(stream, group).stream()
        .map(row -> text((byte[]) ((List<?>) row).get(1)))
        .toList();
  }

  /** The fields of all entries of a stream, as text. */
  public static List<Map<String, String>> entries(Traffic traffic, String stream) {
    return traffic.redis().xrange(stream, Range.unbounded()).stream()
        .map(
            message -> {
              Map<String, String> fields = new HashMap<>();
              message.getBody().forEach((name, value) -> fields.put(name, text(value)));
              return fields;
            })
        .toList();
  }

  /** How often the server has run a command, such as {@code xack}. */
  public static long calls(Traffic traffic, String command) {
    Matcher calls =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(traffic.redis().info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
