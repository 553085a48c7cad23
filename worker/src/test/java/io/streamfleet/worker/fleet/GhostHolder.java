package io.streamfleet.worker.fleet;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.function.Consumer;

/** A consumer named {@code ghost} that listens for what it is given, and never handles it. */
public final class GhostHolder implements AutoCloseable {

  private final RedisClient client;
  private final StatefulRedisPubSubConnection<String, String> connection;

  /** Listens for notices about streams in the group {@code g}. */
  public GhostHolder(String redisUrl, String... streams) {
    client = RedisClient.create(RedisURI.create(redisUrl));
    connection = client.connectPubSub();
    for (String stream : streams) {
      connection.sync().subscribe("sg:control:notice:" + stream + ":g:ghost");
    }
  }

  /** Releases locks: told of each entry that is handed over, as stream, blank and id. */
  public void releaseWhenGiven(Consumer<String> release) {
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String message) {
            String stream = channel.split(":", -1)[3];
            for (String id : message.substring("handed-over ".length()).split(" ", -1)) {
              if (!id.isEmpty()) {
                release.accept(stream + " " + id);
              }
            }
          }
        });
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
