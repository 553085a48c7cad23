package io.streamfleet.torture.field;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Letter;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.Remains;
import io.streamfleet.torture.plan.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Redis knows of a run, asked without taking part in it. Not for several threads. */
public final class Look implements AutoCloseable {

  private static final int ALL = 1_000_000;

  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

  private final Access access;
  private final RedisClusterCommands<String, String> redis;

  Look(RedisPlace place) {
    access = Access.to(place, Duration.ofSeconds(10));
    redis = access.redis();
  }

  /**
   * How many entries are still to be settled.
   *
   * @return a Redis that is away, or a group that is not there, is told as more than there can be
   */
  long open() {
    try {
      long open = 0;
      for (ConsumerGroup group : Names.GROUPS) {
        Map<String, Object> row = row(group);
        open += (Long) row.getOrDefault("pending", (long) ALL);
        // Redis may not know a lag, and a master that took over knows it wrong.
        open += Long.valueOf(0).equals(row.get("lag")) ? 0 : undelivered(group, row);
      }
      return open;
    } catch (RedisException e) {
      return ALL;
    }
  }

  private Map<String, Object> row(ConsumerGroup group) {
    for (Object row : redis.xinfoGroups(group.stream())) {
      Map<String, Object> fields = fields(row);
      if (group.group().equals(fields.get("name"))) {
        return fields;
      }
    }
    return Map.of();
  }

  private long undelivered(ConsumerGroup group, Map<String, Object> row) {
    String last = String.valueOf(row.getOrDefault("last-delivered-id", "0-0"));
    return redis
        .xrange(
            group.stream(), Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded()))
        .size();
  }

  private static Map<String, Object> fields(Object flat) {
    List<?> list = (List<?>) flat;
    Map<String, Object> fields = new HashMap<>();
    for (int i = 0; i + 1 < list.size(); i += 2) {
      Object value = list.get(i + 1);
      if (value != null) {
        fields.put(String.valueOf(list.get(i)), value);
      }
    }
    return fields;
  }

  /** The entries of the inbound stream, as they are there. */
  public List<Published> published(Producer producer) {
    List<Published> all = new ArrayList<>();
    for (StreamMessage<String, String> entry : redis.xrange(Names.IN, Range.unbounded())) {
      boolean isCopy = !entry.getBody().containsKey("n");
      long number = isCopy ? numberOf(entry) : Long.parseLong(field(entry.getBody(), "n"));
      Producer.Sent sent = producer.sent(number);
      Messages.Message message = sent.message();
      all.add(
          new Published(
              new EntryKey(Names.IN, EntryId.parse(entry.getId())),
              number,
              message.channel(),
              message.ordered(),
              message.errand(),
              isCopy,
              sent.at()));
    }
    return all;
  }

  /** A copy by a worker of the original kind has only what the original knows. */
  private static long numberOf(StreamMessage<String, String> copy) {
    Matcher number = NUMBER.matcher(field(copy.getBody(), "data"));
    if (!number.find()) {
      throw new IllegalStateException("an entry without a number: " + copy.getId());
    }
    return Long.parseLong(number.group(1));
  }

  /** The entries that handlers have emitted. */
  public List<Published> emitted() {
    return redis.xrange(Names.OUT, Range.unbounded()).stream()
        .map(it -> Published.emitted(new EntryKey(Names.OUT, EntryId.parse(it.getId()))))
        .toList();
  }

  public List<Letter> letters() {
    return redis.xrange(Names.DEAD, Range.unbounded()).stream()
        .map(StreamMessage::getBody)
        .map(
            it ->
                new Letter(
                    new EntryKey(
                        field(it, "original_stream"), EntryId.parse(field(it, "original_msg_id"))),
                    it.getOrDefault("reason", ""),
                    Integer.parseInt(field(it, "attempt")),
                    it.getOrDefault("consumer", ""),
                    field(it, "error")))
        .toList();
  }

  private static String field(Map<String, String> fields, String name) {
    return requireNonNull(fields.get(name), "an entry without " + name);
  }

  /** What is left in Redis. */
  public Remains remains() {
    Map<EntryKey, String> pending = new TreeMap<>();
    TreeSet<EntryKey> unread = new TreeSet<>();
    Map<String, List<String>> consumers = new TreeMap<>();
    for (ConsumerGroup group : Names.GROUPS) {
      for (PendingMessage it :
          redis.xpending(group.stream(), group.group(), Range.unbounded(), Limit.from(ALL))) {
        pending.put(
            new EntryKey(group.stream(), EntryId.parse(it.getId())),
            it.getConsumer() + ", delivered " + it.getRedeliveryCount() + " times");
      }
      String last = String.valueOf(row(group).getOrDefault("last-delivered-id", "0-0"));
      redis
          .xrange(
              group.stream(),
              Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded()))
          .forEach(it -> unread.add(new EntryKey(group.stream(), EntryId.parse(it.getId()))));
      consumers.put(
          group.stream(),
          redis.xinfoConsumers(group.stream(), group.group()).stream()
              .map(it -> String.valueOf(fields(it).get("name")))
              .toList());
    }
    List<String> keys = new ArrayList<>(redis.keys("*"));
    keys.removeAll(Names.KEYS);
    return new Remains(pending, unread, consumers, keys);
  }

  /** Whether no name is left in the groups, but those that workers of the original kind leave. */
  boolean hasNoNames() {
    return remains().consumers().values().stream()
        .flatMap(List::stream)
        .allMatch(it -> it.startsWith(Names.ORIGINAL));
  }

  /** Whether a worker of the original kind holds a lock, or held it when it was killed. */
  boolean hasOriginalLocks() {
    return redis.keys(Names.LOCKS + "*").stream()
        .map(redis::get)
        // Ours say whose they are.
        .anyMatch(holder -> holder != null && !holder.contains("/"));
  }

  @Override
  public void close() {
    access.close();
  }
}
