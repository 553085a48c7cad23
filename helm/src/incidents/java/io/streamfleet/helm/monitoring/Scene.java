package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.fleet.LocalFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Fleets under the real operator, and a Prometheus beside them that is told where they are. */
final class Scene implements AutoCloseable {

  static final String NAMESPACE = "default";

  private static final String OPERATOR = "streamfleet-operator";

  private final Path folder;
  private final Handlers handlers = new Handlers();
  private final LocalFleet fleet;
  private final RedisClient redis;
  private final StatefulRedisConnection<String, String> connection;
  private final Map<String, Map<String, Object>> targets = new HashMap<>();

  Scene(Path folder) throws IOException {
    this.folder = folder;
    fleet =
        LocalFleet.start(
            FleetPlan.of(Shipped.ROOT, folder.resolve("fleet"))
                .withOperatorSettings(Map.of("STREAMFLEET_OBSERVE_INTERVAL", "1s")));
    RedisURI place = RedisURI.create(fleet.redisUrl());
    place.setTimeout(Duration.ofSeconds(1));
    redis = RedisClient.create(place);
    connection = redis.connect();
  }

  void begin(Incident incident) {
    fleet.apply(
        """
      apiVersion: streamfleet.io/v1alpha1
      kind: StreamConsumerGroup
      metadata: {name: %1$s, namespace: default}
      spec:
        redis: {url: "redis://redis:6379"}
        inbound:
          streams: ["%1$s:in"]
          group: workers
          ordering: {lockTtl: 5s}
          handler: {http: {url: "%2$s", timeout: 1h}}
        autoclaim: {interval: 1s, minIdle: 3s}
        retry: {maxAttempts: 3, initialBackoff: 200ms, maxBackoff: 1s}
        deadLetter: {stream: "%1$s:dlq", maxLength: 100}
      """
                .formatted(incident.fleet(), handlers.url(incident.path()))
            + incident.spec().indent(2));
  }

  boolean isReady(String name) {
    List<FleetPod> workers = fleet.workers(name);
    return workers.stream().allMatch(FleetPod::ready)
        && fleet
            .resource(NAMESPACE, name)
            .map(it -> it.getStatus() != null && status(name).isEmpty())
            .orElse(false);
  }

  // --- what happens

  RedisCommands<String, String> redis() {
    return connection.sync();
  }

  /** Messages, each in the channel of its number. */
  void publish(String name, int count, int channels) {
    for (int i = 0; i < count; i++) {
      redis()
          .xadd(
              name + ":in",
              Map.of(
                  "data", "{\"channel_id\":\"%s-%d\"}".formatted(name, i % channels), "ts", "1"));
    }
  }

  /** A consumer of another kind has read entries, which are deleted then. */
  @SuppressWarnings("unchecked") // A generic array, for what takes many streams.
  void loseEntries(String name, int count) {
    String stream = name + ":in";
    publish(name, count, count);
    redis()
        .xreadgroup(
            Consumer.from("workers", "guest"),
            XReadArgs.Builder.count(count),
            StreamOffset.lastConsumed(stream))
        .forEach(it -> redis().xdel(stream, it.getId()));
  }

  /** Deletes an entry that nobody has read yet. */
  void deleteUnread(String name) {
    String stream = name + ":in";
    List<String> ids =
        redis().xrevrange(stream, Range.unbounded(), Limit.from(5)).stream()
            .map(it -> it.getId())
            .toList();
    redis().xdel(stream, ids.getLast());
  }

  void killWorkers(String name) {
    for (FleetPod pod : fleet.workers(name)) {
      if (pod.pid().isPresent()) {
        fleet.process(NAMESPACE, pod.name()).kill();
      }
    }
  }

  RedisServer redisServer() {
    return fleet.embeddedRedis().orElseThrow();
  }

  void startRedisAgain() {
    redisServer().start();
    fleet.redisStartedAgain();
  }

  void scaleOperator(int replicas) {
    fleet
        .client()
        .apps()
        .deployments()
        .inNamespace(LocalFleet.OPERATOR_NAMESPACE)
        .withName(OPERATOR)
        .scale(replicas);
  }

  void delete(String name) {
    fleet.delete(NAMESPACE, name);
  }

  // --- what is seen

  /** What the status says where it is not as it should be. */
  String status(String name) {
    return fleet
        .resource(NAMESPACE, name)
        .map(
            it ->
                it.getStatus() == null
                    ? "no status"
                    : it.getStatus().conditions().stream()
                        .filter(c -> !c.status().equals("True"))
                        .map(
                            c ->
                                "%s=%s (%s): %s"
                                    .formatted(c.type(), c.status(), c.reason(), c.message()))
                        .collect(Collectors.joining("; ")))
        .orElse("gone");
  }

  /** The list under {@code scrape_configs}, of all that there is and will be. */
  String scrapeConfigs() {
    return """
    - job_name: fleets
      file_sd_configs: [{files: ["%s"], refresh_interval: 1s}]
      scrape_timeout: 900ms
    - job_name: operator
      honor_labels: true
      file_sd_configs: [{files: ["%s"], refresh_interval: 1s}]
      scrape_timeout: 900ms
    """
        .formatted(file("workers"), file("operator"));
  }

  private Path file(String name) {
    return folder.resolve(name + ".json").toAbsolutePath();
  }

  /** Tells Prometheus which pods there are. As long as there is one it is looked at. */
  void discover() throws IOException {
    Map<String, Map<String, Object>> there = new HashMap<>();
    for (FleetPod pod : fleet.pods()) {
      String key = pod.namespace() + "/" + pod.name();
      pod.url().ifPresent(url -> targets.put(key, target(pod, url)));
      if (targets.containsKey(key)) {
        there.put(key, targets.get(key));
      }
    }
    targets.keySet().retainAll(there.keySet());
    List<Object> workers = new ArrayList<>();
    List<Object> operators = new ArrayList<>();
    there.forEach(
        (key, target) -> (key.startsWith(NAMESPACE + "/") ? workers : operators).add(target));
    write(file("workers"), workers);
    write(file("operator"), operators);
  }

  private static Map<String, Object> target(FleetPod pod, String url) {
    Map<String, String> labels = new HashMap<>();
    labels.put("namespace", pod.namespace());
    labels.put("pod", pod.name());
    if (!pod.group().isEmpty()) {
      labels.put("fleet", pod.group());
      labels.put("container", "worker");
      labels.put("job", pod.namespace() + "/" + pod.group() + "-worker");
    }
    return Map.of("targets", List.of(url.substring("http://".length())), "labels", labels);
  }

  private static void write(Path file, List<Object> groups) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(whole, JsonMapper.builder().build().writeValueAsString(groups), UTF_8);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    connection.close();
    redis.shutdown();
    fleet.close();
    handlers.close();
  }
}
