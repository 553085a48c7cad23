package io.streamfleet.bench;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The bench's own connection: fills streams and observes a run without taking part in it. Not
 * thread-safe.
 */
final class Observer implements AutoCloseable {

  /** Concurrent XADDs: enough to keep Redis busy, few enough to fit its buffers. */
  private static final int PIPELINE = 1_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private static final Script QUEUE_PROGRESS = Script.beside(Observer.class, "queue-progress.lua");

  private final String url;
  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final RedisCommands<String, byte[]> redis;
  private final Map<String, Long> ownCalls = new HashMap<>();
  private final Map<String, Filling> fillings = new HashMap<>();
  private long ownReads;

  /** The content of a filled stream; the entry with number n has the id {@code millis-(n + 1)}. */
  private record Filling(Messages messages, long count, long millis) {

    String id(long number) {
      return millis + "-" + (number + 1);
    }

    /** The id before the entry with this number. */
    String idBefore(long number) {
      return number == 0 ? "0-0" : id(number - 1);
    }
  }

  /** The progress of a group. */
  record Progress(long read, long pending) {
    long acknowledged() {
      return read - pending;
    }
  }

  /**
   * Counters of the server since its start.
   *
   * @param reads reads from client sockets, without those of the bench
   * @param calls of each command by name, including those in scripts, without those of the bench
   */
  record Counters(long reads, Map<String, Long> calls) {

    Counters since(Counters earlier) {
      Map<String, Long> fresh = new TreeMap<>(calls);
      earlier.calls.forEach((command, count) -> fresh.merge(command, -count, Long::sum));
      fresh.values().removeIf(count -> count <= 0);
      return new Counters(reads - earlier.reads, fresh);
    }

    long commands() {
      return calls.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  Observer(String url) {
    this.url = url;
    client = RedisClient.create(RedisURI.create(url));
    connection = client.connect(CODEC);
    connection.setTimeout(TIMEOUT);
    redis = connection.sync();
  }

  String url() {
    return url;
  }

  StatefulRedisConnection<String, byte[]> connection() {
    return connection;
  }

  RedisCommands<String, byte[]> sync() {
    return redis;
  }

  /** Adds entries 0 to {@code count - 1}. */
  void fill(String stream, Messages messages, long count) throws InterruptedException {
    redis.del(stream);
    Filling filling = new Filling(messages, count, System.currentTimeMillis());
    RedisAsyncCommands<String, byte[]> adding = connection.async();
    RedisFuture<?>[] window = new RedisFuture<?>[PIPELINE];
    connection.setAutoFlushCommands(false);
    try {
      for (long n = 0; n < count; n++) {
        int slot = (int) (n % PIPELINE);
        if (slot == 0) {
          connection.flushCommands();
          settle(window);
        }
        window[slot] = adding.xadd(stream, new XAddArgs().id(filling.id(n)), messages.entry(n));
      }
      connection.flushCommands();
      settle(window);
    } finally {
      connection.setAutoFlushCommands(true);
    }
    if (redis.xlen(stream) != count) {
      throw new IllegalStateException(
          "the stream " + stream + " has " + redis.xlen(stream) + " entries, not " + count);
    }
    fillings.put(stream, filling);
  }

  /** Like {@link #fill}, unless the stream already holds at least as many of the same messages. */
  void provide(String stream, Messages messages, long count) throws InterruptedException {
    Filling there = fillings.get(stream);
    if (there == null || there.messages() != messages || there.count() < count) {
      fill(stream, messages, count);
    }
  }

  /** Adds one more of its messages to a stream that this has filled. */
  void append(String stream) {
    Filling filling = filling(stream, 0);
    long number = filling.count();
    redis.xadd(stream, new XAddArgs().id(filling.id(number)), filling.messages().entry(number));
    fillings.put(stream, new Filling(filling.messages(), number + 1, filling.millis()));
  }

  private static void settle(Future<?>[] window) throws InterruptedException {
    for (Future<?> reply : window) {
      if (reply instanceof RedisFuture<?> future
          && !future.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("Redis took no entry for " + TIMEOUT);
      }
    }
  }

  void delete(String... keys) {
    redis.unlink(keys);
    fillings.keySet().removeAll(List.of(keys));
  }

  /** Removes all keys that match a pattern. */
  void deleteMatching(String pattern) {
    ScanIterator<String> keys =
        ScanIterator.scan(redis, ScanArgs.Builder.matches(pattern).limit(PIPELINE));
    List<String> found = keys.stream().toList();
    for (int from = 0; from < found.size(); from += PIPELINE) {
      redis.unlink(
          found.subList(from, Math.min(found.size(), from + PIPELINE)).toArray(String[]::new));
    }
  }

  /** Deletes everything in Redis; only for a server that the bench has started itself. */
  void deleteAll() {
    redis.flushall();
    fillings.clear();
  }

  /** Reads as a consumer that does not acknowledge. */
  void read(Consumer<String> consumer, XReadArgs args, StreamOffset<String> offset) {
    @SuppressWarnings("unchecked")
    var _ = redis.xreadgroup(consumer, args, offset);
  }

  /** Removes all entries of a stream; its groups stay. */
  void empty(String stream) {
    redis.xtrim(stream, 0);
    fillings.remove(stream);
  }

  /** Creates the group again, before the first entry. */
  void rewind(String stream, String group) {
    if (redis.exists(stream) > 0) {
      redis.xgroupDestroy(stream, group);
    }
    redis.xgroupCreate(
        StreamOffset.from(stream, "0-0"),
        group,
        XGroupCreateArgs.Builder.mkstream().entriesRead(0));
  }

  /** Creates the group again, this many entries before the end of a stream that this has filled. */
  void rewind(String stream, String group, long last) {
    rewind(stream, group);
    skipTo(stream, group, last);
  }

  /**
   * Moves a group, with its consumers kept, to this many entries before the end, or to an empty
   * state.
   */
  void skipTo(String stream, String group, long last) {
    Filling filling = filling(stream, last);
    long before = filling.count() - last;
    redis.dispatch(
        CommandType.XGROUP,
        new StatusOutput<>(CODEC),
        new CommandArgs<>(CODEC)
            .add("SETID")
            .addKey(stream)
            .add(group)
            .add(filling.idBefore(before))
            .add("ENTRIESREAD")
            .add(before));
  }

  private Filling filling(String stream, long least) {
    Filling filling = fillings.get(stream);
    if (filling == null || filling.count() < least) {
      throw new IllegalStateException("the stream " + stream + " was not filled with " + least);
    }
    return filling;
  }

  /** The number of entries that a group has not read of a stream that this has filled. */
  long unread(String stream, String group) {
    return filling(stream, 0).count() - progress(stream, group).read();
  }

  /** One XINFO GROUPS: constant work for Redis, however long the stream. */
  Progress progress(String stream, String group) {
    ownReads++;
    for (Object row : redis.xinfoGroups(stream)) {
      Map<String, Object> fields = fields((List<?>) row);
      if (group.equals(text(fields.getOrDefault("name", "")))) {
        Object read = fields.get("entries-read");
        return new Progress(
            read instanceof Long count ? count : 0,
            fields.get("pending") instanceof Long p ? p : 0);
      }
    }
    throw new IllegalStateException("the stream " + stream + " has no group " + group);
  }

  /**
   * The same of a BullMQ queue.
   *
   * @param key the prefix of the queue's keys
   */
  Progress queueProgress(String key) {
    ownReads++;
    List<Long> counts =
        redis.eval(
            QUEUE_PROGRESS.text(),
            ScriptOutputType.MULTI,
            key + ":id",
            key + ":wait",
            key + ":active",
            key + ":failed");
    Map.of("eval", 1L, "get", 1L, "llen", 2L, "zcard", 1L)
        .forEach((command, count) -> ownCalls.merge(command, count, Long::sum));
    return new Progress(counts.get(0) - counts.get(1), counts.get(2) + counts.get(3));
  }

  private static Map<String, Object> fields(List<?> flat) {
    Map<String, Object> fields = new HashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      Object value = flat.get(i + 1);
      if (value != null) {
        fields.put(text(flat.get(i)), value);
      }
    }
    return fields;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(value);
  }

  Counters counters() {
    ownReads++;
    long reads = Long.parseLong(info("stats").getOrDefault("total_reads_processed", "0"));
    ownReads++;
    Map<String, Long> calls = new TreeMap<>();
    info("commandstats")
        .forEach(
            (key, value) -> {
              String command = key.replaceFirst("^cmdstat_", "");
              if (!command.startsWith("info") && !command.startsWith("xinfo")) {
                calls.put(command, Long.valueOf(value.replaceAll("^calls=(\\d+).*$", "$1")));
              }
            });
    ownCalls.forEach((command, count) -> calls.merge(command, -count, Long::sum));
    // The second request of this pair comes after the server has counted the reads.
    return new Counters(reads - (ownReads - 1), calls);
  }

  Map<String, String> info(String section) {
    Map<String, String> values = new TreeMap<>();
    redis
        .info(section)
        .lines()
        .filter(line -> line.contains(":"))
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            });
    return values;
  }

  /** The server's process, if it runs on this machine. */
  Optional<ProcessHandle> process() {
    String host = RedisURI.create(url).getHost();
    return host.equals("127.0.0.1") || host.equals("localhost")
        ? ProcessHandle.of(Long.parseLong(info("server").getOrDefault("process_id", "0")))
        : Optional.empty();
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
