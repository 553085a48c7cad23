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
 * Asks Redis about the groups, every few seconds, for gauges that are the same from every worker.
 * An answer that does not come is a gauge that is absent.
 */
public final class GroupObserver {

  private static final Logger LOG = LoggerFactory.getLogger(GroupObserver.class);

  /** Prometheus scrapes every 15 to 60 s; five seconds keep the numbers fresh and Redis quiet. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final GroupInspection inspection;
  private final List<StreamConsumer> streams;
  private final String deadLetters;
  private final GroupGauges gauges;
  private final WorkerMetrics metrics;
  private final Audience audience;
  private final Runnable afterRound;
  private @Nullable String said;
  private @Nullable String refusedBefore;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Who hears after each round how Redis is. */
  public interface Audience {
    /** Redis did not answer. */
    void away();

    /**
     * Redis answered.
     *
     * @param writesRefused what it says to every write, if it takes none
     */
    void answers(Optional<String> writesRefused);
  }

  public GroupObserver(
      Link link,
      List<StreamConsumer> streams,
      String deadLetters,
      GroupGauges gauges,
      WorkerMetrics metrics,
      Audience audience,
      Runnable afterRound) {
    this.inspection = new GroupInspection(link);
    this.streams = streams;
    this.deadLetters = deadLetters;
    this.gauges = gauges;
    this.metrics = metrics;
    this.audience = audience;
    this.afterRound = afterRound;
  }

  public void start() {
    // Of the system's own: readiness follows it, and handlers may keep all carriers of virtual
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
        sayRefusal(seen);
      }
      // It answers: what it would not tell is missing in the gauges, and keeps nobody from work.
      metrics.redisRefuses(seen.writesRefused());
      sayWrites(seen.writesRefused().orElse(null));
      audience.answers(seen.writesRefused());
    } catch (RuntimeException e) {
      // One line of trouble comes from whoever needs Redis; here only numbers are missing.
      metrics.observationFailed();
      audience.away();
      LOG.debug("the groups could not be observed", e);
    }
    afterRound.run();
  }

  /** Whoever has nothing to write just now would say nothing of it. */
  private void sayWrites(@Nullable String refusal) {
    if (refusal != null && !refusal.equals(refusedBefore)) {
      LOG.atWarn().addKeyValue("failure", refusal).log("Redis refuses all writes");
    } else if (refusal == null && refusedBefore != null) {
      LOG.info("Redis takes writes again");
    }
    refusedBefore = refusal;
  }

  /** A right that is missing is missing in each round: it is said once. */
  private void sayRefusal(Inspection seen) {
    seen.groups().stream()
        .flatMap(group -> group.refused().stream())
        .findFirst()
        .filter(refusal -> !refusal.equals(said))
        .ifPresent(
            refusal -> {
              said = refusal;
              LOG.atWarn()
                  .addKeyValue("failure", refusal)
                  .log("Redis refuses a question about the groups; gauges will be missing");
            });
  }

  private List<GroupObservation> observations(Inspection seen) {
    OptionalLong letters = seen.lengthOf(deadLetters);
    Map<ConsumerGroup, ObservedGroup> byGroup =
        seen.groups().stream().collect(Collectors.toMap(ObservedGroup::group, group -> group));
    List<GroupObservation> shown = new ArrayList<>();
    for (StreamConsumer stream : streams) {
      ObservedGroup group = byGroup.get(stream.consumerGroup());
      if (group != null) {
        shown.add(observation(stream.consumer(), group, letters));
      }
    }
    return shown;
  }

  private static GroupObservation observation(
      String consumer, ObservedGroup group, OptionalLong letters) {
    return new GroupObservation(
        group.group().stream(),
        group.group().group(),
        group.length(),
        group.pending(),
        group.lag(),
        group.trimmed(),
        group.oldestUnread(),
        group.oldestOrNone(),
        letters,
        ofOurs(consumer, group));
  }

  /** No line for who has nothing pending in a group that nobody could be asked about. */
  private static Map<String, Long> ofOurs(String consumer, ObservedGroup group) {
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
