package io.streamfleet.console;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API server that has one fleet, {@code shop/orders}, and the Redis of that. */
record World(
    ApiServer server,
    KubernetesClient cluster,
    RedisServer redisServer,
    RedisClient redisClient,
    RedisCommands<String, String> redis)
    implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  static World start() throws IOException {
    ApiServer server = ApiServer.start();
    RedisServer redis = RedisServer.plain();
    RedisClient client = RedisClient.create(redis.url());
    World world = new World(server, server.client(), redis, client, client.connect().sync());
    server.apply(Files.readString(ROOT.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));
    world.apply("shop", "orders");
    return world;
  }

  void apply(String namespace, String name) {
    applyAt(namespace, name, redisServer.url());
  }

  /** A fleet with another Redis. */
  void applyAt(String namespace, String name, String url) {
    server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace));
    server.apply(
        """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: %s, namespace: %s}
        spec:
          redis: {url: "%s"}
          inbound: {streams: [in], group: workers, handler: {builtin: Log}}
          deadLetter: {stream: dead}
        """
            .formatted(name, namespace, url));
  }

  @Override
  public void close() {
    redisClient.shutdown();
    cluster.close();
    server.close();
    redisServer.close();
  }
}
