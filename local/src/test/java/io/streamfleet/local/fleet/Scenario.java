package io.streamfleet.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.streamfleet.local.fleet.RecordingHandler.Handled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One resource of a fleet with a stream of its own, and what was published to it. */
final class Scenario {

  /** Whatever else the machine does: a worker starts in a second or two on a quiet one. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int CHANNELS = 10;

  private final LocalFleet fleet;
  private final RecordingHandler handler;
  private final RedisCommands<String, String> redis;
  private final String name;

  /** By channel, in the order of the stream. */
  private final Map<String, List<String>> published = new LinkedHashMap<>();

  /** Messages by the ids of their entries. */
  private final Map<String, String> ids = new HashMap<>();

  Scenario(
      LocalFleet fleet,
      RecordingHandler handler,
      RedisCommands<String, String> redis,
      String name) {
    this.fleet = fleet;
    this.handler = handler;
    this.redis = redis;
    this.name = name;
  }

  String stream() {
    return name + ":in";
  }

  String deadLetters() {
    return name + ":dead";
  }

  String manifest(int replicas, String more) {
    return """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: %1$s}
        spec:
          redis: {url: "redis://replaced:6379"}
          inbound:
            streams: ["%1$s:in"]
            group: %1$s
            handler: {http: {url: "%2$s"}}
          retry: {maxAttempts: 2, initialBackoff: 100ms}
          deadLetter: {stream: "%1$s:dead"}
          workers: {replicas: %3$d, drainTimeout: 10s}
        """
            .formatted(name, handler.url(), replicas)
        + more.indent(2);
  }

  /** Applies it with so many workers, and waits for them. */
  Scenario with(int replicas, String more) {
    fleet.apply(manifest(replicas, more));
    awaitWorkers(replicas);
    return this;
  }

  void scale(int replicas) {
    fleet.scale("default", name, replicas);
  }

  void awaitWorkers(int replicas) {
    await(name + " has " + replicas + " workers")
        .atMost(PATIENCE)
        .until(
            () ->
                fleet.workers(name).size() == replicas
                    && fleet.workers(name).stream()
                        .allMatch(it -> it.ready() && !it.isTerminating()));
  }

  List<FleetPod> workers() {
    return fleet.workers(name);
  }

  /** Publishes so many messages to each channel. */
  void publish(int each) {
    for (int i = 0; i < each; i++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        publish("c" + channel);
      }
    }
  }

  private void publish(String channel) {
    List<String> messages = published(channel);
    int number = messages.size();
    String id =
        redis.xadd(
            stream(),
            Map.of(
                "data",
                "{\"channel_id\":\"%s\",\"n\":%d}".formatted(channel, number),
                "ts",
                "1795447928.5"));
    messages.add(channel + '#' + number);
    ids.put(id, channel + '#' + number);
  }

  private List<String> published(String channel) {
    return published.computeIfAbsent(channel, it -> new ArrayList<>());
  }

  /** Publishes one message that the handler refuses until it is fixed. */
  String publishRefused(String channel) {
    String message = channel + '#' + published(channel).size();
    handler.refuse(stream(), message);
    publish(channel);
    return message;
  }

  Set<String> published() {
    return published.values().stream().flatMap(List::stream).collect(Collectors.toSet());
  }

  Set<String> handled() {
    return handler.done(stream()).stream().map(Handled::message).collect(Collectors.toSet());
  }

  /** Messages that are pending for a pod. */
  Set<String> inHandOf(String pod) {
    return redis
        .xpending(stream(), Consumer.from(name, pod), Range.unbounded(), Limit.from(10_000))
        .stream()
        .map(PendingMessage::getId)
        .map(id -> Objects.requireNonNull(ids.get(id)))
        .collect(Collectors.toSet());
  }

  long pending() {
    return redis.xpending(stream(), name).getCount();
  }

  /** Waits until nothing is left to do. */
  void awaitAllHandledBut(Set<String> refused) {
    Set<String> wanted = new HashSet<>(published());
    wanted.removeAll(refused);
    await(name + " has handled everything")
        .atMost(PATIENCE)
        .until(() -> handled().containsAll(wanted) && pending() == 0);
  }

  /**
   * Compares what was published with what the handler saw: nothing lost, nothing that never was,
   * nothing twice but what may be, and never two of a channel at a time.
   *
   * @param mayBeTwice what a worker had in flight that was killed
   */
  void assertNothingLostAndTwiceOnly(Set<String> mayBeTwice) {
    assertThat(handled()).isEqualTo(published());
    Set<String> once = new HashSet<>();
    Set<String> twice = new HashSet<>();
    handler.done(stream()).stream()
        .map(Handled::message)
        .filter(message -> !once.add(message))
        .forEach(twice::add);
    assertThat(mayBeTwice).containsAll(twice);
    if (mayBeTwice.isEmpty()) {
      assertThat(handler.overlaps(stream())).isEmpty();
    }
  }

  /** That each channel was handled in the order of the stream, which holds within one worker. */
  void assertOrderKeptBut(Set<String> replayed) {
    Map<String, Set<String>> order = new LinkedHashMap<>();
    for (Handled it : handler.done(stream())) {
      if (!replayed.contains(it.message())) {
        order.computeIfAbsent(it.channel(), channel -> new LinkedHashSet<>()).add(it.message());
      }
    }
    order.forEach(
        (channel, ids) ->
            assertThat(List.copyOf(ids))
                .as("order of " + channel)
                .isEqualTo(
                    published(channel).stream().filter(it -> !replayed.contains(it)).toList()));
  }

  /** Deletes the resource, and sees that nothing of it is left but what is in the stream. */
  void deleteAndAssertNothingIsLeft() {
    List<FleetPod> pods = workers();
    fleet.delete("default", name);
    await(name + " is gone")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(fleet.resource("default", name)).isEmpty();
              assertThat(workers()).isEmpty();
              assertThat(redis.xinfoConsumers(stream(), name)).isEmpty();
            });
    assertThat(pending()).isZero();
    for (FleetPod pod : pods) {
      assertThat(
              ProcessHandle.of(pod.pid().orElseThrow()).filter(ProcessHandle::isAlive).isPresent())
          .as("process of " + pod.name())
          .isFalse();
    }
  }
}
