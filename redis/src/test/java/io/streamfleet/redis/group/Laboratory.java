package io.streamfleet.redis.group;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with a stream {@code in} and a group {@code g}, and a client that is not ours. */
final class Laboratory implements AutoCloseable {

  static final ConsumerGroup GROUP = new ConsumerGroup("in", "g");

  private final RedisServer server = RedisServer.plain();
  private final RedisClient client = RedisClient.create(server.url());
  private final RedisConnector connector =
      RedisConnector.to(
          new RedisSettings(
              server.url(),
              false,
              false,
              Duration.ofSeconds(2),
              () -> io.streamfleet.redis.Credentials.NONE,
              true,
              "test"),
          Duration.ZERO);
  private final Link link = connector.connect();
  private final RedisCommands<String, String> redis = client.connect().sync();

  RedisServer server() {
    return server;
  }

  Link link() {
    return link;
  }

  RedisCommands<String, String> redis() {
    return redis;
  }

  Laboratory withGroup() {
    redis.xgroupCreate(
        XReadArgs.StreamOffset.from("in", "0"), "g", XGroupCreateArgs.Builder.mkstream());
    return this;
  }

  /** Appends this many entries; their ids are 1-0, 2-0, .. behind those that are there. */
  Laboratory withEntries(int count) {
    long have = redis.xlen("in");
    for (long i = have + 1; i <= have + count; i++) {
      redis.xadd("in", new io.lettuce.core.XAddArgs().id(i + "-0"), Map.of("data", "x"));
    }
    return this;
  }

  /** Delivers up to so many new entries to a consumer. */
  @SuppressWarnings("unchecked") // an array of one kind of offsets
  Laboratory deliver(String consumer, int count) {
    redis.xreadgroup(
        Consumer.from("g", consumer),
        XReadArgs.Builder.count(count),
        XReadArgs.StreamOffset.lastConsumed("in"));
    return this;
  }

  /** Sets how often an entry was delivered, and keeps its consumer. */
  void delivered(String consumer, String id, long times) {
    redis.xclaim(
        "in",
        Consumer.from("g", consumer),
        new XClaimArgs().minIdleTime(0).retryCount(times).justid(),
        id);
  }

  /** The pending entries list. */
  List<PendingMessage> pending() {
    return redis.xpending("in", "g", Range.unbounded(), Limit.from(10_000));
  }

  /** The names of the consumers, in no order. */
  List<String> consumers() {
    return redis.xinfoConsumers("in", "g").stream()
        .map(row -> ((List<?>) row).get(1).toString())
        .toList();
  }

  /** Hears a channel; the list fills as it does. */
  List<String> listen(String channel) {
    List<String> heard = new CopyOnWriteArrayList<>();
    StatefulRedisPubSubConnection<String, String> ear = client.connectPubSub();
    ear.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String name, String message) {
            heard.add(message);
          }
        });
    ear.sync().subscribe(channel);
    return heard;
  }

  @Override
  public void close() {
    connector.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    server.close();
  }
}
