package io.streamfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** A cluster and a Redis in this machine, and operators on it with the settings of production. */
final class EmbeddedCluster implements AutoCloseable {

  static final String NAMESPACE = "default";

  private static final Path CRD = Path.of("..", "crds", "streamconsumergroups.streamfleet.io.yaml");

  private final ApiServer server = ApiServer.start();
  private final RedisServer redis = RedisServer.plain();
  private final RedisClient redisClient = RedisClient.create(redis.url());
  private final StatefulRedisConnection<String, String> connection = redisClient.connect();
  private final KubernetesClient client = server.client();
  private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CollectorRegistry registry = new CollectorRegistry();

  EmbeddedCluster() {
    try {
      server.apply(Files.readString(CRD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an operator with the settings of production, save for a quicker look at Redis. */
  StreamfleetOperator operator(String... settings) {
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", "operator-" + open.size());
    environment.put("STREAMFLEET_OBSERVE_INTERVAL", "300ms");
    environment.put("STREAMFLEET_WORKER_IMAGE", "streamfleet/worker:test");
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    KubernetesClient own = server.client();
    StreamfleetOperator operator =
        new StreamfleetOperator(
            own,
            OperatorSettings.from(environment),
            new OperatorMetrics(new CollectorRegistry(), "test"),
            Clock.systemUTC(),
            RandomGenerator.getDefault(),
            () -> {});
    server.listen(requests::add);
    open.add(operator);
    operator.start();
    return operator;
  }

  KubernetesClient client() {
    return client;
  }

  RedisServer redisServer() {
    return redis;
  }

  /** Asks Redis. */
  RedisCommands<String, String> redis() {
    return connection.sync();
  }

  ApiServer server() {
    return server;
  }

  List<ApiRequest> requests() {
    return requests;
  }

  CollectorRegistry registry() {
    return registry;
  }

  /** Applies a resource of this name, whose Redis is this cluster's. */
  void apply(String name, String spec) {
    client
        .resource(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: %s, namespace: %s}
            spec:
              redis: {url: "%s"}
            """
                    .formatted(name, NAMESPACE, redis.url())
                + spec.indent(2))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }

  StreamConsumerGroup resource(String name) {
    return Objects.requireNonNull(
        client.resources(StreamConsumerGroup.class).inNamespace(NAMESPACE).withName(name).get());
  }

  /** {@code True/AllAvailable}, or nothing while there is no such condition. */
  String condition(String name, String type) {
    return Optional.ofNullable(resource(name).getStatus())
        .flatMap(
            status -> status.conditions().stream().filter(it -> it.type().equals(type)).findFirst())
        .map(condition -> condition.status() + "/" + condition.reason())
        .orElse("");
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable operator : open.reversed()) {
      operator.close();
    }
    client.close();
    server.close();
    redisClient.shutdown();
    redis.close();
  }
}
