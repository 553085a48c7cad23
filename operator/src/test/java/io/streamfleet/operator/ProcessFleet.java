package io.streamfleet.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.SettingsStatus;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.kubelet.PodProcess;
import io.streamfleet.kubelet.ProcessKubelet;
import io.streamfleet.kubelet.RestartPace;
import io.streamfleet.kubelet.WorkerProgram;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The fleet {@code chat} as on a cluster: an API server, an operator, a Redis, and workers that are
 * processes. Its messages are handled by an HTTP handler in the test, which takes its time and
 * remembers them.
 */
final class ProcessFleet implements AutoCloseable {

  static final String STREAM = "sg:stream:inbound";
  static final String GROUP = "sg:workers";

  private static final Path CRD = Path.of("..", "crds", "streamconsumergroups.streamfleet.io.yaml");

  /** Long enough for a fleet under load to have work in flight at any moment. */
  private static final Duration HANDLING = Duration.ofMillis(20);

  private final RedisServer redis = RedisServer.plain();
  private final RedisClient redisClient = RedisClient.create(RedisURI.create(redis.url()));
  private final StatefulRedisConnection<String, String> connection = redisClient.connect();
  private final ChildProcesses children;
  private final ProcessKubelet kubelet;
  private final ApiServer server;
  private final KubernetesClient client;
  private final HttpServer handler;
  private final KubernetesClient own;
  private final StreamfleetOperator operator;
  private final Set<String> published = new HashSet<>();
  private final Map<String, Integer> handled = new ConcurrentHashMap<>();

  ProcessFleet(Path folder) throws IOException {
    children = ChildProcesses.guarded(folder.resolve("processes"));
    kubelet =
        ProcessKubelet.in(
            List.of(new WorkerProgram(worker())),
            folder.resolve("pods"),
            folder.resolve("logs"),
            RestartPace.LAPTOP,
            children);
    server = ApiServer.start(kubelet, 0);
    client = server.client();
    server.apply(Files.readString(CRD));
    handler = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    handler.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    handler.createContext("/", this::handle);
    handler.start();
    own = ClusterClient.open(server.config());
    operator =
        new StreamfleetOperator(
            own,
            OperatorSettings.from(Map.of("POD_NAME", "operator-0")),
            new OperatorMetrics(new CollectorRegistry(), "test"),
            Clock.systemUTC(),
            RandomGenerator.getDefault(),
            () -> {});
    operator.start();
  }

  private static List<String> worker() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx96m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        "io.streamfleet.worker.Main");
  }

  private void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    LockSupport.parkNanos(HANDLING.toNanos());
    handled.merge(exchange.getRequestHeaders().getFirst("ce-id"), 1, Integer::sum);
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  /** Applies the fleet with so many workers. */
  void apply(int replicas, String more) {
    apply(replicas, "paused: false", more);
  }

  /** Applies the fleet with a line in its inbound part. */
  void apply(int replicas, String inbound, String more) {
    client
        .resource(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: chat, namespace: default}
            spec:
              redis: {url: "%s"}
              inbound:
                handler: {http: {url: "http://127.0.0.1:%d/messages"}}
                %s
              workers: {replicas: %d, drainTimeout: 5s}
            """
                    .formatted(redis.url(), handler.getAddress().getPort(), inbound, replicas)
                + more.indent(2))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }

  boolean isReady() {
    StreamConsumerGroup resource =
        client.resources(StreamConsumerGroup.class).inNamespace("default").withName("chat").get();
    return resource != null
        && resource.getStatus() != null
        && resource.getStatus().observedGeneration() != null
        && resource.getStatus().observedGeneration().equals(resource.getMetadata().getGeneration())
        && resource.getStatus().conditions().stream()
            .anyMatch(it -> it.type().equals("Ready") && it.status().equals("True"));
  }

  /** How many workers run by the settings of the resource as it is, as its status tells. */
  long runningCurrentSettings() {
    StreamConsumerGroup resource =
        client.resources(StreamConsumerGroup.class).inNamespace("default").withName("chat").get();
    SettingsStatus settings = resource.getStatus().settings();
    return settings != null
            && settings.otherWorkers() == 0
            && settings.version().equals(WorkerConfigMap.version(Fleet.of(resource)))
        ? settings.workers()
        : 0;
  }

  /** The pods that are not about to go. */
  List<String> pods() {
    return client.pods().inNamespace("default").list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  PodProcess process(String pod) {
    return kubelet.pod("default", pod).orElseThrow();
  }

  /** Deletes a pod from the API server as {@code kubectl delete --force --grace-period=0} does. */
  void forceDelete(String pod) {
    Pod found = client.pods().inNamespace("default").withName(pod).get();
    client.resource(found).withGracePeriod(0).delete();
  }

  /**
   * Publishes so many messages to each of twenty channels, without waiting in between: quicker than
   * workers handle them.
   */
  void publish(int each) {
    List<RedisFuture<String>> ids = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      for (int channel = 0; channel < 20; channel++) {
        ids.add(
            connection
                .async()
                .xadd(
                    STREAM,
                    Map.of(
                        "data",
                        "{\"channel_id\":\"c%d\",\"n\":%d}".formatted(channel, i),
                        "ts",
                        "1795447928.5",
                        "trace_id",
                        "trace-" + channel + "-" + i)));
      }
    }
    ids.forEach(id -> published.add(id.toCompletableFuture().join()));
  }

  RedisCommands<String, String> redis() {
    return connection.sync();
  }

  Set<String> published() {
    return published;
  }

  Set<String> handled() {
    return handled.keySet();
  }

  long handledTwice() {
    return handled.values().stream().filter(times -> times > 1).count();
  }

  long pending() {
    return redis().xpending(STREAM, GROUP).getCount();
  }

  long pendingOf(String pod) {
    return redis().xpending(STREAM, GROUP).getConsumerMessageCount().getOrDefault(pod, 0L);
  }

  /** The worker that has each of so many partitions; empty without one. */
  List<String> owners(int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(
            it -> redis().hmget("%s:{%d}:lease:%s".formatted(STREAM, it, GROUP), "token", "owner"))
        .map(it -> it.get(0).getValueOrElse("").isEmpty() ? "" : it.get(1).getValueOrElse(""))
        .toList();
  }

  /** The entries that are pending for a pod. */
  Set<String> inHandOf(String pod) {
    return redis()
        .xpending(STREAM, Consumer.from(GROUP, pod), Range.unbounded(), Limit.from(10_000))
        .stream()
        .map(PendingMessage::getId)
        .collect(Collectors.toSet());
  }

  /** The consumer names of the group, sorted. */
  List<String> names() {
    return redis().xinfoConsumers(STREAM, GROUP).stream()
        .map(row -> ((List<?>) row).get(1).toString())
        .sorted()
        .toList();
  }

  @Override
  public void close() throws Exception {
    operator.close();
    kubelet.close();
    children.close();
    own.close();
    client.close();
    server.close();
    handler.stop(0);
    redisClient.shutdown();
    redis.close();
  }
}
