package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.streamfleet.api.Condition;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.kubelet.RestartPace;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.local.runbook.RunbookPage;
import io.streamfleet.local.runbook.RunbookShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Fleets under the real operator, and a Prometheus beside them that is told where they are. */
final class Scene implements AutoCloseable {

  static final String NAMESPACE = "default";

  private static final String OPERATOR = "streamfleet-operator";

  /** {@code ordering.lockTtl} of the fleets: no lease lasts longer. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  private final Path folder;
  private final Handlers handlers = new Handlers();
  private final LocalFleet fleet;
  private final RedisClient redis;
  private final StatefulRedisConnection<String, String> connection;
  private final RunbookShell shell;
  private final Walkthrough walkthrough;
  private final Map<String, Map<String, Object>> targets = new HashMap<>();
  private final Map<String, String> manifests = new HashMap<>();
  private final Map<String, String> urls = new HashMap<>();

  /** Pods whose processes go on, by fleet. */
  private final Map<String, String> cutOff = new HashMap<>();

  /**
   * @param hurry by how much the rules' times are divided, and so a kubelet's pauses
   */
  Scene(Path folder, int hurry) throws IOException {
    this.folder = folder;
    fleet =
        LocalFleet.start(
            FleetPlan.of(Shipped.ROOT, folder.resolve("fleet"))
                .withPace(
                    new RestartPace(
                        Duration.ofSeconds(10).dividedBy(hurry),
                        Duration.ofMinutes(5).dividedBy(hurry),
                        Duration.ofMinutes(10).dividedBy(hurry)))
                .withOperatorSettings(Map.of("STREAMFLEET_OBSERVE_INTERVAL", "1s")));
    RedisURI place = RedisURI.create(fleet.redisUrl());
    redis = RedisClient.create(place);
    connection = redis.connect();
    RunbookPage page = RunbookPage.of(Shipped.ROOT, "docs/runbook.md");
    Path programs = Files.createDirectories(folder.resolve("shell"));
    shell = new RunbookShell(Shipped.ROOT.toAbsolutePath(), page, fleet, programs);
    walkthrough = new Walkthrough(page, shell);
  }

  void begin(Incident incident) {
    apply(incident.fleet(), manifest(incident));
  }

  private String manifest(Incident incident) {
    return """
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
            .formatted(incident.fleet(), url(incident))
        + incident.spec().indent(2);
  }

  private String url(Incident incident) {
    return urls.computeIfAbsent(incident.fleet(), name -> handlers.url(incident.path()));
  }

  /** Applies a manifest, and has the runbook's commands know it. */
  private void apply(String name, String manifest) {
    fleet.apply(manifest);
    manifests.put(name, manifest);
    try {
      shell.manifest(name, manifest.replace("redis://redis:6379", fleet.redisUrl()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void change(String name, UnaryOperator<String> change) {
    apply(name, change.apply(Objects.requireNonNull(manifests.get(name))));
  }

  boolean isReady(String name) {
    List<FleetPod> workers = fleet.workers(name);
    return workers.stream().allMatch(FleetPod::ready)
        && fleet
            .resource(NAMESPACE, name)
            .map(StreamConsumerGroup::getStatus)
            .map(it -> it.conditions().stream().anyMatch(Scene::isReady))
            .orElse(false);
  }

  private static boolean isReady(Condition it) {
    return it.type().equals("Ready") && it.status().equals("True");
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

  /** A message whose id is as old as that. */
  void publishTwoDaysAgo(String name) {
    String id = Instant.now().minus(Duration.ofDays(2)).toEpochMilli() + "-1";
    redis()
        .xadd(name + ":in", new XAddArgs().id(id), "data", "{\"channel_id\":\"old\"}", "ts", "1");
  }

  /** Another application is to read all of it. */
  void group(String name, String group) {
    redis().xgroupCreate(StreamOffset.from(name + ":in", "0"), group);
  }

  /**
   * A consumer of another kind has read entries, which are deleted then. In one step, since the
   * worker waits for new entries as well.
   */
  @SuppressWarnings("unchecked") // A generic array, for what takes many streams.
  void loseEntries(String name, int count) {
    String stream = name + ":in";
    redis().multi();
    publish(name, count, count);
    redis()
        .xreadgroup(
            Consumer.from("workers", "guest"),
            XReadArgs.Builder.count(count),
            StreamOffset.lastConsumed(stream));
    List<StreamMessage<String, String>> read = redis().exec().get(count);
    read.forEach(it -> redis().xdel(stream, it.getId()));
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

  /**
   * A node is cut off: its pod is gone for Kubernetes, and its process goes on under the same name.
   */
  void cutOff(String name) {
    String pod = firstPod(name);
    StatefulRedisPubSubConnection<String, String> notices = redis.connectPubSub();
    notices.sync().clientSetname("streamfleet:" + pod);
    redis().pubsubChannels("*:" + pod).forEach(it -> notices.sync().subscribe(it));
    cutOff.put(name, pod);
    fleet.deletePod(NAMESPACE, pod, true);
  }

  /** That process reads what it has, as it does all the time. */
  @SuppressWarnings("unchecked") // A generic array, for what takes many streams.
  void goOn(String name) {
    Optional.ofNullable(cutOff.get(name))
        .ifPresent(
            pod ->
                redis()
                    .xreadgroup(
                        Consumer.from("workers", pod), StreamOffset.from(name + ":in", "0")));
  }

  /** Somebody pauses what comes in. */
  void pause(String name) {
    change(name, it -> it.replace("  inbound:\n", "  inbound:\n    paused: true\n"));
  }

  /** The workers are to trim the stream, which takes other workers. */
  void retain(String name) {
    change(name, it -> it.replace("  inbound:\n", "  inbound:\n    retention: Acknowledged\n"));
  }

  /** Two partitions of the stream, which takes other workers. */
  void partition(String name) {
    change(name, it -> it.replace("  inbound:\n", "  inbound:\n    partitions: {count: 2}\n"));
  }

  /** The lease of a partition is renewed by somebody who does not announce himself. */
  void holdPartition(String name, String owner) {
    redis()
        .hset(
            name + ":in:{0}:lease:workers",
            Map.of(
                "token",
                owner + "/1",
                "owner",
                owner,
                "until",
                String.valueOf(System.currentTimeMillis() + LEASE.toMillis()),
                "epoch",
                "1"));
  }

  /** A second stream, which takes other workers. */
  void readMore(String name) {
    change(name, it -> it.replace(":in\"]", ":in\", \"%s:more\"]".formatted(name)));
  }

  /** What was a stream is something else now; in one step, since workers create a lost stream. */
  void makeHash(String key) {
    String hash = key + ":hash";
    redis().hset(hash, "this", "is no stream");
    redis().rename(hash, key);
  }

  /** Somebody who may changes the workers' manifest past the operator, and wrongly. */
  void spoilManifest(String name) {
    fleet
        .client()
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName(name + "-config")
        .edit(
            it -> {
              it.getData()
                  .replaceAll((file, text) -> text.replace("initialBackoff", "firstBackoff"));
              return it;
            });
  }

  /** A name that the operator needs for a fleet is that of somebody else's object. */
  void takeName(String name) {
    fleet
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name + "-config")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build())
        .create();
  }

  /** Begins a fleet, or changes what nothing of it depends on. */
  void change(Incident incident, int turn) {
    apply(
        incident.fleet(),
        manifest(incident).replace("maxBackoff: 1s", "maxBackoff: %ds".formatted(1 + turn % 2)));
  }

  void killOperator() {
    for (FleetPod pod : fleet.pods()) {
      if (pod.namespace().equals(LocalFleet.OPERATOR_NAMESPACE) && pod.pid().isPresent()) {
        fleet.process(LocalFleet.OPERATOR_NAMESPACE, pod.name()).kill();
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

  /**
   * Follows the section of an alert.
   *
   * @param name of the fleet; empty for an alert of the operator
   * @param pod label of the alert; empty if it has none
   */
  List<Walkthrough.Typed> follow(String alert, String name, String pod)
      throws IOException, InterruptedException {
    return walkthrough.follow(
        alert,
        Map.of(
            "NS",
            NAMESPACE,
            "FLEET",
            name,
            "STREAM",
            name + ":in",
            "GROUP",
            "workers",
            "OPERATOR_NS",
            LocalFleet.OPERATOR_NAMESPACE,
            "POD",
            pod.isEmpty() ? firstPod(name) : pod));
  }

  private String firstPod(String name) {
    return fleet.workers(name).stream().findFirst().map(FleetPod::name).orElse("");
  }

  /** What the status says where it is not as it should be. */
  String status(String name) {
    return conditions(name, it -> it.status().equals("False"));
  }

  /** What it says of a pause. */
  String paused(String name) {
    return conditions(name, it -> it.type().equals("IntakePaused"));
  }

  private String conditions(String name, Predicate<Condition> which) {
    return fleet
        .resource(NAMESPACE, name)
        .map(
            it ->
                it.getStatus() == null
                    ? "no status"
                    : it.getStatus().conditions().stream()
                        .filter(which)
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
      scrape_interval: 2s
      scrape_timeout: 2s
    - job_name: operator
      honor_labels: true
      file_sd_configs: [{files: ["%s"], refresh_interval: 1s}]
      scrape_interval: 2s
      scrape_timeout: 2s
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
    // In a cluster a container that restarts keeps its pod's address, and here it gets another
    // port.
    labels.put("instance", pod.name());
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
