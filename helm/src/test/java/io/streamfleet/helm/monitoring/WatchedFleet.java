package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fleet {@code chat}: a Redis, two workers and an operator as processes, and a Kubernetes API
 * server whose pods only pretend to run.
 */
final class WatchedFleet implements AutoCloseable {

  private static final String INBOUND = "sg:stream:inbound";

  private static final String MANIFEST =
      """
      apiVersion: streamfleet.io/v1alpha1
      kind: StreamConsumerGroup
      metadata: {name: chat, namespace: default}
      spec:
        redis: {url: "%s"}
        inbound:
          streams: ["sg:stream:inbound", "sg:stream:late"]
          retention: Acknowledged
          handler: {builtin: Echo}
        outbound: {platforms: [discord, matrix], handler: {builtin: Log}}
        workers: {replicas: %d, drainTimeout: 1s}
      """;

  private final RedisServer redis = RedisServer.plain();
  private final ApiServer server = ApiServer.start();
  private final KubernetesClient client = server.client();
  private final RedisClient redisClient = RedisClient.create(redis.url());
  private final List<JavaProcess> workers = new ArrayList<>();
  private final JavaProcess partitioned;
  private final JavaProcess operator;
  private boolean larger;

  /** One that has missed Redis at its start, so that there is trouble to be seen too. */
  static WatchedFleet withTrouble(Path folder) throws IOException {
    WatchedFleet fleet = new WatchedFleet(folder, true);
    await()
        .atMost(JavaProcess.PATIENCE)
        .until(() -> fleet.workers.stream().allMatch(it -> it.said().contains("cannot start yet")));
    fleet.redis.start();
    fleet.apply(2);
    return fleet;
  }

  /** One that never had any trouble. */
  static WatchedFleet thatIsWell(Path folder) throws IOException {
    WatchedFleet fleet = new WatchedFleet(folder, false);
    fleet.apply(2);
    return fleet;
  }

  private WatchedFleet(Path folder, boolean withoutRedis) throws IOException {
    if (withoutRedis) {
      redis.kill();
    }
    server.apply(
        Files.readString(Shipped.ROOT.resolve("crds/streamconsumergroups.streamfleet.io.yaml")));
    operator =
        JavaProcess.start(
            "io.streamfleet.operator.Main",
            List.of(),
            Map.of(
                "KUBECONFIG", server.kubeconfig().write(folder.resolve("kubeconfig")).toString(),
                "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false",
                "POD_NAME", "operator-0",
                "STREAMFLEET_PORT", "0",
                "STREAMFLEET_OBSERVE_INTERVAL", "1s"),
            folder.resolve("operator.log"));
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(manifest, MANIFEST.formatted(redis.url(), 2), UTF_8);
    for (String name : List.of("chat-0", "chat-1")) {
      workers.add(worker(folder, manifest, name));
    }
    Path other = folder.resolve("partitioned.yaml");
    Files.writeString(
        other,
        """
        redis: {url: "%s"}
        inbound:
          streams: ["sg:stream:partitioned"]
          partitions: {count: 2, from: Splitter}
          handler: {builtin: Discard}
        """
            .formatted(redis.url()),
        UTF_8);
    partitioned = worker(folder, other, "partitioned-0");
    client
        .resource(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: partitioned, namespace: default}
            spec:
            """
                + (Files.readString(other) + "workers: {replicas: 0}\n").indent(2))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }

  private static JavaProcess worker(Path folder, Path manifest, String name) throws IOException {
    return JavaProcess.start(
        "io.streamfleet.worker.Main",
        List.of("run", "-f", manifest.toString(), "--consumer", name, "--port", "0"),
        Map.of(),
        folder.resolve(name + ".log"));
  }

  /** Where the workers show their metrics. */
  List<String> workers() {
    return workers.stream().map(JavaProcess::address).toList();
  }

  /** Where a worker with partitions, which is none of the fleet, shows its metrics. */
  String partitioned() {
    return partitioned.address();
  }

  /** Where the operator shows its metrics. */
  String operator() {
    return operator.address();
  }

  /**
   * For Prometheus: one worker as a PodMonitor has it, the other with nothing but job and instance.
   */
  String targets() {
    List<String> workers = workers();
    return """
    - job_name: default/chat-worker
      static_configs:
        - targets: ["%s"]
          labels: {namespace: default, fleet: chat, pod: chat-0, container: worker}
    - job_name: workers
      static_configs: [{targets: ["%s"]}]
    - job_name: operator
      honor_labels: true
      static_configs: [{targets: ["%s"], labels: {namespace: streamfleet, pod: operator-0}}]
    """
        .formatted(workers.get(0), workers.get(1), operator());
  }

  private void apply(int replicas) {
    client
        .resource(MANIFEST.formatted(redis.url(), replicas))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }

  /** Some messages on some channels, and a change for the operator to see to. */
  void work() {
    try (StatefulRedisConnection<String, String> connection = redisClient.connect()) {
      for (int channel = 0; channel < 10; channel++) {
        connection
            .sync()
            .xadd(
                INBOUND,
                Map.of(
                    "data",
                    "{\"platform\":\"%s\",\"channel_id\":\"c%d\",\"content\":\"hello\"}"
                        .formatted(channel % 2 == 0 ? "discord" : "matrix", channel),
                    "ts",
                    "1795447928.5"));
      }
    }
    larger = !larger;
    apply(larger ? 3 : 2);
  }

  /** What a process shows. */
  static String scrape(String address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (JavaProcess worker : workers) {
      worker.close();
    }
    partitioned.close();
    operator.close();
    client.close();
    server.close();
    redisClient.shutdown();
    redis.close();
  }
}
