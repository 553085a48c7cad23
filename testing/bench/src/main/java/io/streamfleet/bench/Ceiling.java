package io.streamfleet.bench;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The ceiling: the throughput of the worker's client library when it only reads a group's entries,
 * 500 at a time, by its own typed API, and acknowledges each batch by one XACK. A process of its
 * own, like the worker. It ends when nothing is left to read.
 */
public final class Ceiling {

  /** The same as the worker's {@code read.batchSize} in this bench. */
  static final int BATCH = 500;

  private final RedisAsyncCommands<String, byte[]> redis;
  private final String stream;
  private final Consumer<String> consumer;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Ceiling(
      RedisAsyncCommands<String, byte[]> redis, String stream, Consumer<String> consumer) {
    this.redis = redis;
    this.stream = stream;
    this.consumer = consumer;
  }

  /**
   * Reads a stream once.
   *
   * @param args the URL of Redis, the stream, the group, the consumer, and the number of reads in
   *     flight
   */
  public static void main(String[] args) {
    RedisClient client = RedisClient.create(RedisURI.create(args[0]));
    try (var connection =
        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
      Ceiling ceiling = new Ceiling(connection.async(), args[1], Consumer.from(args[2], args[3]));
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        ceiling.read();
      }
      ceiling.end.join();
    } finally {
      client.shutdown();
    }
  }

  /** One chain of reads: the next read is sent before the acknowledgement of the previous batch. */
  @SuppressWarnings("unchecked")
  private void read() {
    redis
        .xreadgroup(consumer, XReadArgs.Builder.count(BATCH), StreamOffset.lastConsumed(stream))
        .whenComplete(
            (messages, failure) -> {
              if (failure != null) {
                end.completeExceptionally(failure);
              } else if (messages.isEmpty()) {
                // Sent after all acknowledgements on the same connection: its reply means that they
                // are done.
                redis.ping().whenComplete((pong, broken) -> end.complete(null));
              } else {
                read();
                acknowledge(messages);
              }
            });
  }

  private void acknowledge(List<StreamMessage<String, byte[]>> messages) {
    String[] ids = new String[messages.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = messages.get(i).getId();
    }
    redis
        .xack(stream, consumer.getGroup(), ids)
        .whenComplete(
            (count, failure) -> {
              if (failure != null) {
                end.completeExceptionally(failure);
              }
            });
  }
}
