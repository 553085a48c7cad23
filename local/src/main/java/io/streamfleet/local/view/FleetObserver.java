package io.streamfleet.local.view;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.Condition;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Observes a fleet: its objects in the API server, its streams in Redis, and the metrics of its
 * workers. If Redis needs credentials, streams are shown as in the operator's status. For one
 * thread.
 */
public final class FleetObserver implements AutoCloseable {

  /** On loopback a slower response will not come at all. */
  private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String redisUrl;
  private final Clock clock;
  private final StreamObserver redis;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(SCRAPE_TIMEOUT)
          .build();
  private final Rates rates = new Rates();

  /**
   * @param client is closed by the caller
   */
  public FleetObserver(KubernetesClient client, String redisUrl, Clock clock) {
    this.client = client;
    this.redisUrl = redisUrl;
    this.clock = clock;
    this.redis = new StreamObserver(redisUrl);
  }

  /** Observes once. */
  public Snapshot look() throws InterruptedException {
    List<StreamConsumerGroup> groups =
        client.resources(StreamConsumerGroup.class).inAnyNamespace().list().getItems();
    List<FleetPod> pods =
        scraped(
            client.pods().inAnyNamespace().list().getItems().stream().map(FleetPod::of).toList());
    Map<ConsumerGroup, StreamStatus> seen = seen(groups);
    Set<String> deadLetters = new LinkedHashSet<>();
    groups.forEach(it -> deadLetters.add(it.getSpec().deadLetter().stream()));
    List<PartitionedGroup> partitioned =
        groups.stream().flatMap(it -> partitioned(it.getSpec()).stream()).distinct().toList();
    Set<ConsumerGroup> read = read(seen.keySet(), partitioned);
    groups.forEach(it -> split(it.getSpec()).ifPresent(read::add));
    Optional<Inspection> inspection = redis.look(read, deadLetters);
    return new Snapshot(
        clock.instant(),
        groups.stream().map(FleetObserver::resource).toList(),
        pods,
        inspection.isPresent()
            ? fresh(inspection.get(), partitioned, deadLetters)
            : seen.values().stream().map(this::older).toList(),
        events(),
        inspection.isPresent()
            ? Optional.empty()
            : Optional.of(
                redisUrl + " does not answer; streams are shown as in the operator's status"));
  }

  /** The pods, with problems from the metrics of their workers. */
  private List<FleetPod> scraped(List<FleetPod> pods) throws InterruptedException {
    List<FleetPod> result = new ArrayList<>();
    for (FleetPod pod : pods) {
      Optional<String> doubts = Optional.empty();
      if (pod.ready() && !pod.group().isEmpty() && pod.url().isPresent()) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(pod.url().get() + "/metrics"))
                .timeout(SCRAPE_TIMEOUT)
                .build();
        try {
          String metrics = http.send(request, BodyHandlers.ofString()).body();
          rates.worker(pod.name(), metrics);
          doubts =
              Outages.of(metrics)
                  .or(() -> AnswerWarningCounts.of(metrics))
                  .or(() -> Waits.of(metrics));
        } catch (IOException e) {
          // It is about to end, or too busy to answer: the next observation is a second away.
        }
      }
      result.add(doubts.map(pod::withProblem).orElse(pod));
    }
    rates.lookedAt(System.nanoTime());
    return result;
  }

  static Snapshot.Resource resource(StreamConsumerGroup group) {
    StreamConsumerGroupStatus status = group.getStatus();
    Optional<Condition> ready =
        status == null
            ? Optional.empty()
            : status.conditions().stream().filter(it -> it.type().equals("Ready")).findFirst();
    return new Snapshot.Resource(
        group.getMetadata().getNamespace(),
        group.getMetadata().getName(),
        ready.map(Condition::status).orElse("-"),
        status == null ? "-" : Objects.requireNonNullElse(status.workers(), "-"),
        ready
            .filter(it -> !it.status().equals("True"))
            .map(it -> Objects.requireNonNullElse(it.message(), ""))
            .or(() -> Optional.ofNullable(status).map(it -> it.paused()).map(it -> "paused: " + it))
            .orElse(ready.isEmpty() ? "the operator has not reconciled it yet" : ""));
  }

  /** The declared groups, with their last status. */
  private static Map<ConsumerGroup, StreamStatus> seen(List<StreamConsumerGroup> groups) {
    Map<ConsumerGroup, StreamStatus> seen = new LinkedHashMap<>();
    for (StreamConsumerGroup group : groups) {
      StreamConsumerGroupStatus status = group.getStatus();
      declared(group.getSpec()).forEach(it -> seen.put(it, unseen(it)));
      if (status != null) {
        status
            .streams()
            .forEach(it -> seen.replace(new ConsumerGroup(it.stream(), it.group()), it));
      }
    }
    return seen;
  }

  private static StreamStatus unseen(ConsumerGroup group) {
    return new StreamStatus(group.stream(), group.group(), 0, 0, null, null, null, null, 0);
  }

  /** The groups, with those of the partitions in place of a stream that has some. */
  private static Set<ConsumerGroup> read(
      Set<ConsumerGroup> groups, List<PartitionedGroup> partitioned) {
    Set<ConsumerGroup> read = new LinkedHashSet<>(groups);
    for (PartitionedGroup one : partitioned) {
      read.remove(one.whole());
      read.addAll(one.groups());
    }
    return read;
  }

  /** The group of a stream that a worker splits into partitions. */
  private static Optional<ConsumerGroup> split(StreamConsumerGroupSpec spec) {
    return Optional.ofNullable(spec.inbound())
        .flatMap(
            inbound ->
                inbound.splitStream().map(stream -> new ConsumerGroup(stream, inbound.group())));
  }

  private static Optional<PartitionedGroup> partitioned(StreamConsumerGroupSpec spec) {
    InboundSpec inbound = spec.inbound();
    return inbound == null || inbound.partitions() == null
        ? Optional.empty()
        : Optional.of(
            new PartitionedGroup(
                new ConsumerGroup(inbound.streams().getFirst(), inbound.group()),
                inbound.readStreams()));
  }

  private static List<ConsumerGroup> declared(StreamConsumerGroupSpec spec) {
    List<ConsumerGroup> declared = new ArrayList<>();
    if (spec.inbound() != null) {
      String group = spec.inbound().group();
      spec.inbound().streams().forEach(it -> declared.add(new ConsumerGroup(it, group)));
    }
    if (spec.outbound() != null) {
      for (String platform : spec.outbound().platforms()) {
        declared.add(
            new ConsumerGroup(
                spec.outbound().streamOf(platform), spec.outbound().groupOf(platform)));
      }
    }
    return declared;
  }

  private List<Snapshot.Stream> fresh(
      Inspection inspection, List<PartitionedGroup> partitioned, Set<String> deadLetters) {
    List<Snapshot.Stream> streams = new ArrayList<>();
    for (ObservedGroup it : PartitionedGroup.wholes(inspection.groups(), partitioned)) {
      streams.add(
          new Snapshot.Stream(
              it.group().stream(),
              it.group().group(),
              it.length(),
              it.pending(),
              it.lag(),
              rates.of(it.group().stream())));
    }
    for (String stream : deadLetters) {
      streams.add(
          new Snapshot.Stream(
              stream,
              "",
              inspection.lengthOf(stream),
              OptionalLong.empty(),
              OptionalLong.empty(),
              OptionalDouble.empty()));
    }
    return streams;
  }

  private Snapshot.Stream older(StreamStatus status) {
    Long lag = status.lag();
    return new Snapshot.Stream(
        status.stream(),
        status.group(),
        OptionalLong.of(status.length()),
        OptionalLong.of(status.pending()),
        lag == null ? OptionalLong.empty() : OptionalLong.of(lag),
        rates.of(status.stream()));
  }

  private List<Snapshot.Happening> events() {
    return client.v1().events().inAnyNamespace().list().getItems().stream()
        .map(FleetObserver::happening)
        .sorted(Comparator.comparing(Snapshot.Happening::at).reversed())
        .toList();
  }

  private static Snapshot.Happening happening(Event event) {
    return new Snapshot.Happening(
        instant(event.getLastTimestamp()),
        "Warning".equals(event.getType()),
        Objects.requireNonNullElse(event.getReason(), ""),
        about(event.getInvolvedObject()),
        Objects.requireNonNullElse(event.getMessage(), ""),
        Objects.requireNonNullElse(event.getCount(), 1));
  }

  private static String about(ObjectReference object) {
    String kind =
        object.getKind().equals(Manifest.KIND) ? "scg" : object.getKind().toLowerCase(Locale.ROOT);
    return kind + "/" + object.getName();
  }

  private static Instant instant(@Nullable String time) {
    return time == null ? Instant.EPOCH : Instant.parse(time);
  }

  @Override
  public void close() {
    redis.close();
    http.shutdownNow();
    http.close();
  }
}
