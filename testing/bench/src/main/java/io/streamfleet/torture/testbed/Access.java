package io.streamfleet.torture.testbed;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;

/** A connection without faults, with the same commands for every kind of Redis. */
final class Access implements AutoCloseable {

  /** On a busy machine connecting takes longer than any command. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final AbstractRedisClient client;
  private final RedisClusterCommands<String, String> commands;

  private Access(AbstractRedisClient client, RedisClusterCommands<String, String> commands) {
    this.client = client;
    this.commands = commands;
  }

  /**
   * Connects.
   *
   * @param timeout of a command
   */
  static Access to(RedisPlace place, Duration timeout) {
    RedisURI uri = RedisURI.create(place.url());
    uri.setTimeout(CONNECT_TIMEOUT);
    if (place.isCluster()) {
      RedisClusterClient client = RedisClusterClient.create(uri);
      StatefulRedisClusterConnection<String, String> connection = client.connect();
      connection.setTimeout(timeout);
      return new Access(client, connection.sync());
    }
    RedisClient client = RedisClient.create(uri);
    StatefulRedisConnection<String, String> connection = client.connect();
    connection.setTimeout(timeout);
    return new Access(client, connection.sync());
  }

  RedisClusterCommands<String, String> redis() {
    return commands;
  }

  /** Closes the client and its connections. */
  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
