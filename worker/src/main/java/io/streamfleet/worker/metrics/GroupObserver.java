package io.streamfleet.worker.metrics;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import io.streamfleet.worker.entry.StreamConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries the groups every few seconds, for gauges that are the same in every worker. Without a
 * reply the gauges are absent.
 */
public final class GroupObserver {

  private static final Logger LOG = LoggerFactory.getLogger(GroupObserver.class);

  /** Prometheus scrapes every 15 to 60 s; 5 s keep the values recent at little load for Redis. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final GroupInspection inspection;
  private final List<StreamConsumer> streams;
  private final String deadLetters;
  private final GroupGauges gauges;
  private final WorkerMetrics metrics;
  private final Listener listener;
  private final Runnable afterRound;
  private @Nullable String loggedRefusal;
  private @Nullable String refusedBefore;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Notified of the state of Redis after each round, on the observer's thread. */
  public interface Listener {
    /** Redis did not answer. */
    void away();

    /**
     * Redis answered.
     *
     * @param writesRefused its error, if it refuses all writes
     */
    void answers(Optional<String> writesRefused);
  }

  /**
   * @param deadLetters the dead-letter stream
   * @param afterRound called after each round
   */
  public GroupObserver(
      Link link,
      List<StreamConsumer> streams,
      String deadLetters,
      GroupGauges gauges,
      WorkerMetrics metrics,
      Listener listener,
      Runnable afterRound) {
    this.inspection = new GroupInspection(link);
    this.streams = streams;
    this.deadLetters = deadLetters;
    this.gauges = gauges;
    this.metrics = metrics;
    this.listener = listener;
    this.afterRound = afterRound;
  }

  public void start() {
    // A platform thread: readiness depends on it, and handlers may occupy all carriers of virtual
    // threads.
    Thread.ofPlatform().name("group-observer").daemon(true).start(this::run);
  }

  public void stop() {
    stopped.countDown();
  }

  private void run() {
    try {
      do {
        round();
      } while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      Inspection seen =
          inspection
              .look(
                  streams.stream().map(StreamConsumer::consumerGroup).toList(),
                  GroupInspection.Consumers.PENDING,
                  List.of(deadLetters))
              .join();
      gauges.publish(observations(seen));
      if (!seen.complete()) {
        metrics.observationFailed();
        logRefusal(seen);
      }
      // Redis answers, so the worker is ready even if some gauges are missing.
      metrics.redisRefuses(seen.writesRefused());
      logWrites(seen.writesRefused().orElse(null));
      listener.answers(seen.writesRefused());
    } catch (RuntimeException e) {
      // Only at DEBUG: calls that need Redis log the failure, and here only gauges are missing.
      metrics.observationFailed();
      listener.away();
      LOG.debug("cannot observe the groups", e);
    }
    afterRound.run();
  }

  /** Logged here, since an idle pipeline writes nothing and would not notice. */
  private void logWrites(@Nullable String refusal) {
    if (refusal != null && !refusal.equals(refusedBefore)) {
      LOG.atWarn().addKeyValue("failure", refusal).log("Redis refuses all writes");
    } else if (refusal == null && refusedBefore != null) {
      LOG.info("Redis accepts writes again");
    }
    refusedBefore = refusal;
  }

  /** Logs a refusal once, since a missing right is missing in each round. */
  private void logRefusal(Inspection seen) {
    seen.groups().stream()
        .flatMap(group -> group.refused().stream())
        .findFirst()
        .filter(refusal -> !refusal.equals(loggedRefusal))
        .ifPresent(
            refusal -> {
              loggedRefusal = refusal;
              LOG.atWarn()
                  .addKeyValue("failure", refusal)
                  .log("Redis refuses a query for the groups; gauges will be missing");
            });
  }

  private List<GroupObservation> observations(Inspection seen) {
    OptionalLong deadLetterCount = seen.lengthOf(deadLetters);
    Map<ConsumerGroup, ObservedGroup> byGroup =
        seen.groups().stream().collect(Collectors.toMap(ObservedGroup::group, group -> group));
    List<GroupObservation> shown = new ArrayList<>();
    for (StreamConsumer stream : streams) {
      ObservedGroup group = byGroup.get(stream.consumerGroup());
      if (group != null) {
        shown.add(observation(stream.consumer(), group, deadLetterCount));
      }
    }
    return shown;
  }

  private static GroupObservation observation(
      String consumer, ObservedGroup group, OptionalLong deadLetterCount) {
    return new GroupObservation(
        group.group().stream(),
        group.group().group(),
        group.length(),
        group.pending(),
        group.lag(),
        group.trimmed(),
        group.oldestUnread(),
        group.oldestOrNone(),
        deadLetterCount,
        pendingOf(consumer, group));
  }

  /** The pending entries of this consumer; no value if the group could not be queried. */
  private static Map<String, Long> pendingOf(String consumer, ObservedGroup group) {
    if (group.pending().isEmpty()) {
      return Map.of();
    }
    return Map.of(
        consumer,
        group.consumers().stream()
            .filter(it -> it.name().equals(consumer))
            .mapToLong(ObservedConsumer::pending)
            .sum());
  }
}
