package io.streamfleet.operator.status;

import io.streamfleet.api.Condition;
import io.streamfleet.api.ConsumerStatus;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.operator.cluster.PodSight;
import io.streamfleet.operator.cluster.WorkersSight;
import io.streamfleet.operator.redis.RedisSight;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the status of a resource of what was observed of it. Pure, save for the clock. */
public final class StatusReport {

  /** The API server holds objects in memory for every watcher: a list of thousands helps nobody. */
  private static final int CONSUMERS_TOLD = 50;

  private final Clock clock;

  public StatusReport(Clock clock) {
    this.clock = clock;
  }

  /**
   * The report on a resource that can be worked with.
   *
   * @param before the report that is there, if any; equal parts keep their times, and numbers that
   *     nobody would act on keep their values
   */
  public StreamConsumerGroupStatus of(
      Fleet fleet, Observed observed, @Nullable StreamConsumerGroupStatus before) {
    Conditions conditions =
        new Conditions(
            before == null ? List.of() : before.conditions(), fleet.generation(), clock.instant());
    Verdict workers = Verdicts.workers(observed.workers());
    Verdict references = Verdicts.references(fleet, observed.missing());
    conditions.add(ConditionType.Ready, Verdicts.ready(observed, workers, references));
    conditions.add(ConditionType.WorkersAvailable, workers);
    conditions.add(ConditionType.RedisReachable, Verdicts.redis(observed.redis()));
    conditions.add(ConditionType.ReferencesResolved, references);
    if (fleet.spec().autoscaling() != null) {
      conditions.add(ConditionType.AutoscalingAvailable, Verdicts.autoscaling(observed.keda()));
    }
    if (fleet.spec().monitoring().podMonitor()) {
      conditions.add(
          ConditionType.MonitoringAvailable, Verdicts.monitoring(observed.podMonitors()));
    }
    if (fleet.spec().paused()) {
      conditions.add(ConditionType.Paused, Verdicts.paused());
    }
    StreamConsumerGroupStatus fresh = status(fleet, observed, conditions.all(), before);
    return before != null && !Significance.differ(before, fresh)
        ? withNumbersOf(before, fresh)
        : fresh;
  }

  /**
   * The report on a resource that can't be worked with. What was known of its workers stays: they
   * run on as they are.
   *
   * @param problems each with its place and what to change
   */
  public StreamConsumerGroupStatus invalid(
      long generation, List<String> problems, @Nullable StreamConsumerGroupStatus before) {
    Conditions conditions =
        new Conditions(
            before == null ? List.of() : before.conditions(), generation, clock.instant());
    conditions.add(ConditionType.Ready, Verdicts.invalid(problems));
    List<Condition> all = new ArrayList<>(conditions.all());
    if (before != null) {
      before.conditions().stream()
          .filter(condition -> !condition.type().equals(ConditionType.Ready.name()))
          .forEach(all::add);
    }
    return new StreamConsumerGroupStatus(
        generation,
        all,
        before == null ? null : before.replicas(),
        before == null ? null : before.readyReplicas(),
        before == null ? null : before.selector(),
        before == null ? null : before.workers(),
        before == null ? null : before.pending(),
        before == null ? null : before.lag(),
        before == null ? null : before.deadLetters(),
        before == null ? List.of() : before.streams(),
        before == null ? List.of() : before.consumers());
  }

  private static StreamConsumerGroupStatus status(
      Fleet fleet,
      Observed observed,
      List<Condition> conditions,
      @Nullable StreamConsumerGroupStatus before) {
    WorkersSight workers = observed.workers();
    Numbers numbers =
        switch (observed.redis()) {
          case RedisSight.Seen seen -> Numbers.of(seen, names(observed.pods()));
          // The last that was known; that it is old is what the condition says.
          case RedisSight.Away _, RedisSight.Untried _ ->
              before == null ? Numbers.NONE : Numbers.of(before);
        };
    return new StreamConsumerGroupStatus(
        fleet.generation(),
        conditions,
        workers.total(),
        workers.ready(),
        fleet.names().selectorText(),
        workers.ready() + "/" + workers.wanted(),
        numbers.pending(),
        numbers.lag(),
        numbers.deadLetters(),
        numbers.streams(),
        numbers.consumers());
  }

  private static StreamConsumerGroupStatus withNumbersOf(
      StreamConsumerGroupStatus before, StreamConsumerGroupStatus fresh) {
    return new StreamConsumerGroupStatus(
        fresh.observedGeneration(),
        fresh.conditions(),
        fresh.replicas(),
        fresh.readyReplicas(),
        fresh.selector(),
        fresh.workers(),
        before.pending(),
        before.lag(),
        before.deadLetters(),
        before.streams(),
        before.consumers());
  }

  private static Set<String> names(List<PodSight> pods) {
    Set<String> names = new HashSet<>();
    pods.forEach(pod -> names.add(pod.name()));
    return names;
  }

  /** What comes from Redis. */
  private record Numbers(
      @Nullable Long pending,
      @Nullable Long lag,
      @Nullable Long deadLetters,
      List<StreamStatus> streams,
      List<ConsumerStatus> consumers) {

    static final Numbers NONE = new Numbers(null, null, null, List.of(), List.of());

    static Numbers of(StreamConsumerGroupStatus before) {
      return new Numbers(
          before.pending(),
          before.lag(),
          before.deadLetters(),
          before.streams(),
          before.consumers());
    }

    static Numbers of(RedisSight.Seen seen, Set<String> pods) {
      return new Numbers(
          sum(seen.groups().stream().map(ObservedGroup::pending)),
          sum(seen.groups().stream().map(ObservedGroup::lag)),
          nullable(seen.deadLetters()),
          seen.groups().stream().map(Numbers::stream).toList(),
          seen.groups().stream()
              .flatMap(group -> group.consumers().stream().map(it -> consumer(group, it, pods)))
              .sorted(
                  Comparator.comparingLong(ConsumerStatus::pending)
                      .reversed()
                      .thenComparing(ConsumerStatus::name)
                      .thenComparing(ConsumerStatus::stream))
              .limit(CONSUMERS_TOLD)
              .toList());
    }

    /** Unknown as soon as one part is. */
    private static @Nullable Long sum(Stream<OptionalLong> parts) {
      List<OptionalLong> all = parts.toList();
      return all.stream().allMatch(OptionalLong::isPresent)
          ? (Long) all.stream().mapToLong(OptionalLong::getAsLong).sum()
          : null;
    }

    private static StreamStatus stream(ObservedGroup group) {
      return new StreamStatus(
          group.group().stream(),
          group.group().group(),
          group.length().orElse(0),
          group.pending().orElse(0),
          nullable(group.lag()),
          group.oldestPending().map(Duration::toSeconds).orElse(null),
          group.consumers().size());
    }

    private static ConsumerStatus consumer(
        ObservedGroup group, ObservedConsumer consumer, Set<String> pods) {
      return new ConsumerStatus(
          consumer.name(),
          pods.contains(consumer.name()) ? consumer.name() : null,
          group.group().stream(),
          consumer.pending(),
          consumer.idle().map(Duration::toSeconds).orElse(0L));
    }

    private static @Nullable Long nullable(OptionalLong number) {
      return number.isPresent() ? (Long) number.getAsLong() : null;
    }
  }
}
