package io.streamfleet.torture.testbed;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.Remains;
import io.streamfleet.torture.plan.Errand;
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

/**
 * Observes the state of a run in Redis without taking part in it, and changes data for faults. Not
 * thread-safe.
 */
public final class RedisInspection implements AutoCloseable {

  private static final int NO_LIMIT = 1_000_000;

  private static final String BEGIN = "0-0";

  /**
   * Entries of a stream after an id, with the beginning of each field's value, because some are
   * large.
   */
  private static final String HEADS =
      """
      local page = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
      for _, entry in ipairs(page) do
        for i = 2, #entry[2], 2 do
          entry[2][i] = string.sub(entry[2][i], 1, ARGV[3])
        end
      end
      return page
      """;

  /** The ids of the latest entries. */
  private static final String LAST =
      """
      local ids = {}
      for i, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])) do
        ids[i] = entry[1]
      end
      return ids
      """;

  /** This many characters of a field's value contain everything needed. */
  private static final int MAX_VALUE = 1_000;

  private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

  /** The page size for a stream with large entries. */
  private static final int PAGE = 20;

  /** The busiest channels, so that other workers handle them as well. */
  private static final int CHANNELS_OF_OTHER = 4;

  private final Access access;
  private final RedisClusterCommands<String, String> redis;

  RedisInspection(RedisPlace place) {
    access = Access.to(place, Duration.ofSeconds(10));
    redis = access.redis();
  }

  /**
   * The number of entries not yet settled.
   *
   * @return more than possible if Redis is unavailable or a group is missing
   */
  long open() {
    try {
      long open = 0;
      for (ConsumerGroup group : Names.GROUPS) {
        Map<String, Object> row = row(group);
        open += (Long) row.getOrDefault("pending", (long) NO_LIMIT);
        // Redis may not know the lag, and a new master may report a wrong one.
        open += Long.valueOf(0).equals(row.get("lag")) ? 0 : undelivered(group, row);
      }
      return open;
    } catch (RedisException e) {
      return NO_LIMIT;
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
    return entries(group.stream(), lastDelivered(row)).size();
  }

  /** The id of the last entry delivered to a group. */
  private static String lastDelivered(Map<String, Object> row) {
    return String.valueOf(row.getOrDefault("last-delivered-id", BEGIN));
  }

  /** The entries of a stream after an id, with large values cut. */
  private List<StreamMessage<String, String>> entries(String stream, String after) {
    List<StreamMessage<String, String>> all = new ArrayList<>();
    String last = after;
    List<Object> page;
    do {
      page =
          redis.eval(
              HEADS,
              ScriptOutputType.MULTI,
              new String[] {stream},
              "(" + last,
              Integer.toString(PAGE),
              Integer.toString(MAX_VALUE));
      for (Object row : page) {
        List<?> entry = (List<?>) row;
        last = String.valueOf(entry.getFirst());
        Map<String, String> body = new HashMap<>();
        fields(entry.getLast()).forEach((name, value) -> body.put(name, String.valueOf(value)));
        all.add(new StreamMessage<>(stream, last, body));
      }
    } while (page.size() == PAGE);
    return all;
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

  /** The entries of the inbound stream. */
  public List<Published> published(Producer producer) {
    List<Published> all = new ArrayList<>();
    for (StreamMessage<String, String> entry : entries(Names.IN, BEGIN)) {
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

  /** A copy by an original worker has only the fields that the original knows. */
  private static long numberOf(StreamMessage<String, String> copy) {
    Matcher number = NUMBER.matcher(field(copy.getBody(), "data"));
    if (!number.find()) {
      throw new IllegalStateException("an entry without a number: " + copy.getId());
    }
    return Long.parseLong(number.group(1));
  }

  /** The entries that handlers have emitted. */
  public List<Published> emitted() {
    return entries(Names.OUT, BEGIN).stream()
        .map(it -> Published.emitted(new EntryKey(Names.OUT, EntryId.parse(it.getId()))))
        .toList();
  }

  public List<DeadLetterRecord> letters() {
    return entries(Names.DEAD, BEGIN).stream()
        .map(StreamMessage::getBody)
        .map(
            it ->
                new DeadLetterRecord(
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
          redis.xpending(group.stream(), group.group(), Range.unbounded(), Limit.from(NO_LIMIT))) {
        pending.put(
            new EntryKey(group.stream(), EntryId.parse(it.getId())),
            it.getConsumer() + ", delivered " + it.getRedeliveryCount() + " times");
      }
      entries(group.stream(), lastDelivered(row(group)))
          .forEach(it -> unread.add(new EntryKey(group.stream(), EntryId.parse(it.getId()))));
      consumers.put(
          group.stream(),
          redis.xinfoConsumers(group.stream(), group.group()).stream()
              .map(it -> String.valueOf(fields(it).get("name")))
              .toList());
    }
    List<String> keys = new ArrayList<>(redis.keys("*"));
    keys.removeAll(Names.LEFT);
    keys.removeIf(this::holdsNotesOnly);
    return new Remains(pending, unread, consumers, keys);
  }

  /**
   * Whether a key only notes for a day that workers were gone that had some entries: one who had
   * such an entry when that was noted, and was believed to be gone, settles it without knowing of
   * the note.
   */
  private boolean holdsNotesOnly(String key) {
    return key.contains(":suspects:")
        && redis.pttl(key) > 0
        && redis.hvals(key).stream().allMatch(it -> it.startsWith("0 0 "));
  }

  /** Trims settled entries from a group's stream. */
  void trimSettled(ConsumerGroup group) {
    String oldest = lastDelivered(row(group));
    List<PendingMessage> pending =
        redis.xpending(group.stream(), group.group(), Range.unbounded(), Limit.from(1));
    redis.xtrim(
        group.stream(),
        new XTrimArgs().minId(pending.isEmpty() ? oldest : pending.getFirst().getId()));
  }

  /** Destroys a group and returns the id of the last entry delivered to it. */
  String destroy(ConsumerGroup group) {
    String last = lastDelivered(row(group));
    redis.xgroupDestroy(group.stream(), group.group());
    return last;
  }

  /** Whether a group exists. */
  boolean isThere(ConsumerGroup group) {
    try {
      return !row(group).isEmpty();
    } catch (RedisException e) {
      return false;
    }
  }

  void delete(String key) {
    redis.del(key);
  }

  void flush() {
    redis.flushall();
  }

  void configure(String parameter, String value) {
    redis.configSet(parameter, value);
  }

  /** Replaces a key by a hash. */
  void spoil(String key) {
    redis.hset(key, "owner", "somebody");
  }

  /** Adds an entry with the highest possible id to a stream, so that it rejects further entries. */
  void exhaust(String stream) {
    redis.xadd(
        stream, new XAddArgs().id("18446744073709551615-18446744073709551615"), Map.of("a", "b"));
  }

  /** Appends entries to the other inbound stream, to the first channels in turn. */
  List<EntryKey> appendToOther(int entries) {
    List<EntryKey> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      String payload =
          """
          {"channel_id":"c%d","is_addressed":true,"do":"%s"}\
          """
              .formatted(i % CHANNELS_OF_OTHER, new Errand(Errand.Kind.PLAIN, 100));
      String id = redis.xadd(Names.OTHER_IN, Map.of("data", payload, "ts", "1794614400.0"));
      all.add(new EntryKey(Names.OTHER_IN, EntryId.parse(id)));
    }
    return all;
  }

  /** Cancels the latest entries, as a user of another database. */
  void cancelLast(int count) {
    List<String> ids =
        redis.eval(LAST, ScriptOutputType.MULTI, new String[] {Names.IN}, Integer.toString(count));
    ids.forEach(
        id ->
            redis.publish(
                Names.CANCEL,
                """
                {"stream":"%s","entry":"%s"}\
                """
                    .formatted(Names.IN, id)));
  }

  /** Whether no name is left in the groups, except those that original workers leave. */
  boolean hasNoNames() {
    return remains().consumers().values().stream()
        .flatMap(List::stream)
        .allMatch(it -> it.startsWith(Names.ORIGINAL));
  }

  /** Whether an original worker holds a lock, or held one when it was killed. */
  boolean hasOriginalLocks() {
    return redis.keys(Names.LOCKS + "*").stream()
        .map(redis::get)
        // Our locks name their holder.
        .anyMatch(holder -> holder != null && !holder.contains("/"));
  }

  @Override
  public void close() {
    access.close();
  }
}
