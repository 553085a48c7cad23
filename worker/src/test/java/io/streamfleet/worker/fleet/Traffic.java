package io.streamfleet.worker.fleet;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.streamfleet.wire.PayloadWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Publishes messages and looks at what Redis has, through a client of its own. */
public final class Traffic implements AutoCloseable {

  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final PayloadWriter writer = new PayloadWriter();
  private long next;

  public Traffic(String redisUrl) {
    client = RedisClient.create(RedisURI.create(redisUrl));
    connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
  }

  /** All of Redis. */
  public RedisCommands<String, byte[]> redis() {
    return connection.sync();
  }

  /** Publishes a message of a channel whose field {@code n} counts up; returns the entry's id. */
  public String publish(String stream, String channel) {
    return publish(stream, Map.of("channel_id", channel, "n", next++));
  }

  public String publish(String stream, Map<String, Object> payload) {
    return publishRaw(stream, writer.write(payload));
  }

  /** Publishes bytes as the payload, whatever they are. */
  public String publishRaw(String stream, byte[] data) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("data", data);
    fields.put("ts", text("1795447928.5"));
    fields.put("trace_id", text("trace-" + next));
    return redis().xadd(stream, fields);
  }

  /** How many entries are pending in a group. */
  public long pending(String stream, String group) {
    return redis().xpending(stream, group).getCount();
  }

  /** The value of a lock, or {@code ""} while nobody holds it. */
  public String holder(String lock) {
    byte[] value = redis().get(lock);
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
