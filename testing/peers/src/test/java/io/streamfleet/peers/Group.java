package io.streamfleet.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A stream with a group, and nothing else in its Redis. */
final class Group implements AutoCloseable {

  static final String STREAM = "bench:test";
  static final String NAME = "bench";

  private final String url;
  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final RedisCommands<String, byte[]> redis;

  Group(String url) {
    this.url = url;
    client = RedisClient.create(url);
    connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    redis = connection.sync();
    redis.flushall();
    redis.xgroupCreate(StreamOffset.from(STREAM, "0-0"), NAME, XGroupCreateArgs.Builder.mkstream());
  }

  Assignment assignment(String consumer, boolean ordered, Duration minIdle) {
    return new Assignment(url, STREAM, NAME, consumer, ordered, minIdle, minIdle.dividedBy(2));
  }

  /** Adds entries, spread in turn over the channels {@code c0} and so on. */
  void add(int entries, int channels) {
    for (int n = 0; n < entries; n++) {
      redis.xadd(STREAM, Map.of("data", payload(n, "c" + n % channels)));
    }
  }

  private static byte[] payload(int number, String channel) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packMapHeader(3);
      packer.packString("n").packInt(number);
      packer.packString("channel_id").packString(channel);
      packer.packString("intended_us").packLong(System.currentTimeMillis() * 1_000);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads entries as a consumer that is never heard of again. */
  @SuppressWarnings("unchecked")
  void readAndDie(int entries) {
    redis.xreadgroup(
        Consumer.from(NAME, "dead"),
        XReadArgs.Builder.count(entries),
        StreamOffset.lastConsumed(STREAM));
  }

  /** Adds an entry whose payload nobody can read. */
  void addBroken() {
    redis.xadd(STREAM, Map.of("data", new byte[] {(byte) 0xc1}));
  }

  /** How many entries were read so far. */
  long read() {
    return field(redis.xinfoGroups(STREAM).getFirst(), "entries-read") instanceof Long count
        ? count
        : 0;
  }

  /** The names under which was read. */
  List<String> consumers() {
    return redis.xinfoConsumers(STREAM, NAME).stream().map(it -> text(field(it, "name"))).toList();
  }

  private static @Nullable Object field(Object row, String name) {
    List<?> fields = (List<?>) row;
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (text(fields.get(i)).equals(name)) {
        return fields.get(i + 1);
      }
    }
    return null;
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
  }

  long pending() {
    return redis.xpending(STREAM, NAME).getCount();
  }

  /** What is left in Redis beside the stream. */
  List<String> otherKeys() {
    return redis.keys("*").stream().filter(key -> !key.equals(STREAM)).toList();
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
