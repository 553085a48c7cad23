package io.streamfleet.operator.consumer;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.redis.group.NoticeChannels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Plays the workers of a group, as far as Redis can tell: they read, listen, call and claim. */
public final class WorkerDouble implements AutoCloseable {

  private static final NoticeChannels NOTICES = new NoticeChannels("sg:control:notice");

  private static final String LOCK = "sg:lock:channel:";

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final ConsumerGroup group;

  public WorkerDouble(String url, String stream, String group) {
    client = RedisClient.create(RedisURI.create(url));
    connection = client.connect();
    this.group = new ConsumerGroup(stream, group);
  }

  private RedisCommands<String, String> redis() {
    return connection.sync();
  }

  public WorkerDouble withGroup() {
    redis()
        .xgroupCreate(
            StreamOffset.from(group.stream(), "0"),
            group.group(),
            io.lettuce.core.XGroupCreateArgs.Builder.mkstream());
    return this;
  }

  /** Somebody puts a text where a stream should be. */
  public void setText(String key) {
    redis().set(key, "not a stream");
  }

  /** A worker holds a channel's lock. */
  public void locks(String channel, String consumer) {
    locks(channel, consumer, group);
  }

  /** A worker that reads something else holds a channel's lock. */
  public void locks(String channel, String consumer, ConsumerGroup read) {
    String uuid = UUID.randomUUID().toString();
    String ofProcess = uuid.substring(0, 24);
    redis().set(LOCK + channel, consumer + "/" + ofProcess + LockScope.of(read).digits() + "0000");
  }

  /** A worker of the original holds a channel's lock. */
  public void locksAsOriginal(String channel) {
    redis().set(LOCK + channel, UUID.randomUUID().toString());
  }

  /** The channels that are locked. */
  public Set<String> locked() {
    return redis().keys(LOCK + "*").stream()
        .map(key -> key.substring(LOCK.length()))
        .collect(Collectors.toSet());
  }

  /** Entries come in, and a worker takes them and never ends with them. */
  public void takes(String consumer, int entries) {
    waits(entries);
    calls(consumer);
  }

  /** Entries come in, and nobody takes them. */
  public void waits(int entries) {
    for (int i = 0; i < entries; i++) {
      redis().xadd(group.stream(), Map.of("data", "x"));
    }
  }

  /** A worker asks for new entries; there need not be any. */
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  public void calls(String consumer) {
    Consumer<String> caller = Consumer.from(group.group(), consumer);
    // Reading nothing makes no name on every version of Redis.
    redis().xgroupCreateconsumer(group.stream(), caller);
    redis()
        .xreadgroup(
            caller, XReadArgs.Builder.count(1_000), StreamOffset.lastConsumed(group.stream()));
  }

  /** A worker sweeps: it gets what has been idle for a minute, and acknowledges it. */
  public int sweeps(String consumer) {
    var claimed =
        redis()
            .xautoclaim(
                group.stream(),
                XAutoClaimArgs.Builder.xautoclaim(
                        Consumer.from(group.group(), consumer), Duration.ofMinutes(1), "0-0")
                    .count(1_000));
    claimed.getMessages().forEach(it -> redis().xack(group.stream(), group.group(), it.getId()));
    return claimed.getMessages().size();
  }

  /** A worker's process is connected for notices until this is closed. */
  public StatefulRedisPubSubConnection<String, String> listens(String consumer) {
    StatefulRedisPubSubConnection<String, String> ear = client.connectPubSub();
    ear.sync().subscribe(NOTICES.ofConsumer(group, consumer));
    return ear;
  }

  /** What is said to all workers of the group from now on. */
  public List<String> notices() {
    List<String> heard = new CopyOnWriteArrayList<>();
    StatefulRedisPubSubConnection<String, String> ear = client.connectPubSub();
    ear.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String message) {
            heard.add(message);
          }
        });
    ear.sync().subscribe(NOTICES.ofGroup(group));
    return heard;
  }

  public List<PendingMessage> pendingOf(String consumer) {
    return redis()
        .xpending(
            group.stream(),
            Consumer.from(group.group(), consumer),
            Range.unbounded(),
            Limit.from(10_000));
  }

  /** Whether anybody may claim all that is pending for a worker, and something is. */
  public boolean isFree(String consumer) {
    List<PendingMessage> pending = pendingOf(consumer);
    return !pending.isEmpty()
        && pending.stream().allMatch(it -> it.getMsSinceLastDelivery() > 3_600_000);
  }

  public List<String> names() {
    return redis().xinfoConsumers(group.stream(), group.group()).stream()
        .map(row -> ((List<?>) row).get(1).toString())
        .toList();
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
