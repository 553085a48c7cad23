package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that is there already. Tests have a namespace of their own on it, which goes with all
 * that is in it; the CustomResourceDefinition is applied and stays. Operators run in this process,
 * and see nothing but that namespace.
 *
 * <p>Redis runs beside the tests, on the address by which this machine reaches the cluster, or on
 * that of {@code STREAMFLEET_TEST_ADDRESS}: pods must reach it there, as those of kind, k3s and
 * minikube do. Without a password, so not for a cluster of strangers. The workers' image is the one
 * that the build makes, or that {@code STREAMFLEET_TEST_WORKER_IMAGE} names; the cluster must have
 * it or be able to pull it.
 */
final class ExistingCluster implements TestCluster {

  static final String WORKER_IMAGE = "STREAMFLEET_TEST_WORKER_IMAGE";

  private static final String ADDRESS = "STREAMFLEET_TEST_ADDRESS";

  /** A cluster serves a new kind within seconds. */
  private static final Duration SERVES_WITHIN = Duration.ofMinutes(1);

  private final Config config;
  private final KubernetesClient client;
  private final String namespace =
      "streamfleet-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final RedisServer redis;
  private final String redisUrl;
  private final RedisClient redisClient;
  private final StatefulRedisConnection<String, String> connection;
  private final List<StreamfleetOperator> operators = new ArrayList<>();
  private final List<KubernetesClient> clients = new ArrayList<>();

  private ExistingCluster(String kubeconfig) {
    config = Config.fromKubeconfig(kubeconfig);
    client = new KubernetesClientBuilder().withConfig(config).build();
    redis = RedisServer.builder().config("bind 0.0.0.0").config("protected-mode no").start();
    String address =
        TestEnvironment.value(ADDRESS).orElseGet(() -> ownAddress(config.getMasterUrl()));
    redisUrl = "redis://%s:%d/0".formatted(address, redis.port());
    redisClient = RedisClient.create(redis.url());
    connection = redisClient.connect();
    try {
      client.load(Files.newInputStream(CRD)).serverSideApply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Until it does, the kind is not found.
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(HasMetadata.getFullResourceName(StreamConsumerGroup.class))
        .waitUntilCondition(ExistingCluster::isServed, SERVES_WITHIN.toSeconds(), TimeUnit.SECONDS);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  static ExistingCluster of(Path kubeconfig) {
    try {
      return new ExistingCluster(Files.readString(kubeconfig));
    } catch (IOException e) {
      throw new UncheckedIOException("no kubeconfig to be read at " + kubeconfig, e);
    }
  }

  static ExistingCluster of(String kubeconfig) {
    return new ExistingCluster(kubeconfig);
  }

  private static boolean isServed(@Nullable CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Established") && it.getStatus().equals("True"));
  }

  /** The address from which packets to the cluster start; nothing is sent to find out. */
  private static String ownAddress(String masterUrl) {
    URI master = URI.create(masterUrl);
    try (DatagramSocket socket = new DatagramSocket()) {
      InetSocketAddress there = new InetSocketAddress(master.getHost(), 443);
      boolean here = there.getAddress() != null && there.getAddress().isLoopbackAddress();
      socket.connect(here ? new InetSocketAddress("192.0.2.1", 443) : there);
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "this machine has no way out whose address pods could know it by; name one by " + ADDRESS,
          e);
    }
  }

  @Override
  public StreamfleetOperator operator(String... settings) {
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", "operator-" + operators.size());
    environment.put("POD_NAMESPACE", namespace);
    environment.put("STREAMFLEET_NAMESPACES", namespace);
    environment.put("STREAMFLEET_OBSERVE_INTERVAL", "300ms");
    environment.put("STREAMFLEET_WORKER_IMAGE", workerImage());
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    KubernetesClient own = ClusterClient.open(config);
    clients.add(own);
    StreamfleetOperator operator =
        new StreamfleetOperator(
            own,
            OperatorSettings.from(environment),
            new OperatorMetrics(new CollectorRegistry(), "test"),
            Clock.systemUTC(),
            RandomGenerator.getDefault(),
            () -> {});
    operators.add(operator);
    operator.start();
    return operator;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public String workerImage() {
    return TestEnvironment.value(WORKER_IMAGE)
        .orElseGet(() -> OperatorSettings.from(Map.of()).workerImage());
  }

  @Override
  public String redisUrl() {
    return redisUrl;
  }

  @Override
  public RedisCommands<String, String> redis() {
    return connection.sync();
  }

  @Override
  public void close() {
    operators.reversed().forEach(StreamfleetOperator::close);
    clients.forEach(KubernetesClient::close);
    client.namespaces().withName(namespace).delete();
    client.close();
    redisClient.shutdown();
    redis.close();
  }
}
