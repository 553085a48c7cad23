package io.streamfleet.operator.status;

import io.streamfleet.api.AutoscalingSpec;
import io.streamfleet.api.Condition;
import io.streamfleet.api.SettingsStatus;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.operator.cluster.PodObservation;
import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.SettingsSpread;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Computes the status of a resource from what was observed. Pure, except for the clock. */
public final class StatusReport {

  private final Clock clock;

  public StatusReport(Clock clock) {
    this.clock = clock;
  }

  /**
   * The status of a valid resource.
   *
   * @param before the last status, if any; unchanged conditions keep their times, and numbers keep
   *     their values as long as nobody would act on the difference
   * @param exact whether to write the exact numbers, because the last ones are old
   */
  public StreamConsumerGroupStatus of(
      Fleet fleet, Observed observed, @Nullable StreamConsumerGroupStatus before, boolean exact) {
    Conditions conditions =
        new Conditions(
            before == null ? List.of() : before.conditions(), fleet.generation(), clock.instant());
    ConditionState workers = ConditionRules.workers(observed.workers(), observed.redis());
    ConditionState references = ConditionRules.references(fleet, observed.missing());
    conditions.add(ConditionType.Ready, ConditionRules.ready(observed, workers, references));
    conditions.add(ConditionType.WorkersAvailable, workers);
    conditions.add(ConditionType.RedisReachable, ConditionRules.redis(observed.redis()));
    conditions.add(ConditionType.ReferencesResolved, references);
    if (fleet.spec().autoscaling() != null) {
      conditions.add(
          ConditionType.AutoscalingAvailable, ConditionRules.autoscaling(observed.keda()));
    } else if (isLeft(
        ConditionType.AutoscalingAvailable, observed.keda(), fleet, observed, before)) {
      conditions.add(ConditionType.AutoscalingAvailable, ConditionRules.left("ScaledObject"));
    }
    if (fleet.spec().monitoring().podMonitor()) {
      conditions.add(
          ConditionType.MonitoringAvailable, ConditionRules.monitoring(observed.podMonitors()));
    } else if (isLeft(
        ConditionType.MonitoringAvailable, observed.podMonitors(), fleet, observed, before)) {
      conditions.add(ConditionType.MonitoringAvailable, ConditionRules.left("PodMonitor"));
    }
    conditions.add(ConditionType.SettingsApplied, ConditionRules.settings(observed.redis()));
    conditions.add(ConditionType.HandlersAvailable, ConditionRules.handlers(observed.redis()));
    if (!fleet.partitioned().isEmpty()) {
      conditions.add(ConditionType.PartitionsOwned, ConditionRules.partitions(observed.redis()));
    }
    Optional<String> paused = fleet.paused();
    if (paused.isPresent()) {
      conditions.add(ConditionType.IntakePaused, ConditionRules.intakePaused(paused.get()));
    }
    if (fleet.spec().paused()) {
      conditions.add(ConditionType.Paused, ConditionRules.paused());
    }
    return status(fleet, observed, conditions.all(), before, exact);
  }

  /**
   * The status of an invalid resource without running workers.
   *
   * @param problems each with its path and what to change
   */
  public StreamConsumerGroupStatus invalid(
      long generation, List<String> problems, @Nullable StreamConsumerGroupStatus before) {
    Conditions conditions =
        new Conditions(
            before == null ? List.of() : before.conditions(), generation, clock.instant());
    conditions.add(ConditionType.Ready, ConditionRules.invalid(problems));
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
        before == null ? null : before.paused(),
        before == null ? null : before.settings(),
        before == null ? null : before.pending(),
        before == null ? null : before.lag(),
        before == null ? null : before.deadLetters(),
        before == null ? null : before.ownedPartitions(),
        before == null ? List.of() : before.streams(),
        before == null ? List.of() : before.partitions(),
        before == null ? List.of() : before.consumers());
  }

  /**
   * The status of an invalid resource whose workers run with its last valid spec. Workers and Redis
   * are reported as they are now, everything else as in the last status.
   *
   * @param running what the workers run with
   * @param problems each with its path and what to change
   */
  public StreamConsumerGroupStatus invalid(
      Fleet running,
      Observed observed,
      List<String> problems,
      @Nullable StreamConsumerGroupStatus before,
      boolean exact) {
    List<Condition> old = before == null ? List.of() : before.conditions();
    Conditions conditions = new Conditions(old, running.generation(), clock.instant());
    conditions.add(ConditionType.Ready, ConditionRules.invalid(problems));
    conditions.add(
        ConditionType.WorkersAvailable,
        ConditionRules.workers(observed.workers(), observed.redis()));
    conditions.add(ConditionType.RedisReachable, ConditionRules.redis(observed.redis()));
    List<Condition> all = new ArrayList<>(conditions.all());
    old.stream()
        .filter(previous -> all.stream().noneMatch(it -> it.type().equals(previous.type())))
        .toList()
        .forEach(all::add);
    return status(running, observed, all, before, exact);
  }

  /**
   * Whether something that the spec no longer asks for still exists: its condition may go only
   * after it was deleted, which does not happen while the resource is paused or fails.
   */
  private static boolean isLeft(
      ConditionType type,
      boolean apiIsThere,
      Fleet fleet,
      Observed observed,
      @Nullable StreamConsumerGroupStatus before) {
    return apiIsThere
        && (fleet.spec().paused() || observed.firstFailure().isPresent())
        && before != null
        && before.conditions().stream().anyMatch(it -> it.type().equals(type.name()));
  }

  private static StreamConsumerGroupStatus status(
      Fleet fleet,
      Observed observed,
      List<Condition> conditions,
      @Nullable StreamConsumerGroupStatus before,
      boolean exact) {
    WorkersObservation workers = observed.workers();
    Numbers numbers = numbers(observed, before, exact);
    return new StreamConsumerGroupStatus(
        fleet.generation(),
        conditions,
        workers.total(),
        workers.ready(),
        fleet.names().selectorText(),
        workers.ready() + "/" + wanted(fleet, workers),
        fleet.paused().orElse(null),
        settings(observed, before),
        numbers.pending(),
        numbers.lag(),
        numbers.deadLetters(),
        PartitionNumbers.owned(numbers.partitions()),
        numbers.streams(),
        numbers.partitions(),
        numbers.consumers());
  }

  /** The last known settings; the condition says if they are unknown now. */
  private static @Nullable SettingsStatus settings(
      Observed observed, @Nullable StreamConsumerGroupStatus before) {
    SettingsStatus old = before == null ? null : before.settings();
    return observed.redis() instanceof RedisObservation.Seen seen
        ? seen.workers().map(it -> settings(it.settings())).orElse(old)
        : old;
  }

  private static SettingsStatus settings(SettingsSpread spread) {
    return new SettingsStatus(
        spread.version(),
        spread.current(),
        Math.max(0, spread.workers() - spread.current()),
        spread.refusing());
  }

  /** The wanted number of workers; from the spec as long as there is no Deployment. */
  public static int wanted(Fleet fleet, WorkersObservation workers) {
    if (!workers.equals(WorkersObservation.NONE)) {
      return workers.wanted();
    }
    AutoscalingSpec autoscaling = fleet.spec().autoscaling();
    return autoscaling == null ? fleet.spec().workers().replicas() : autoscaling.minReplicas();
  }

  /** The numbers of the last status, unless the change is significant. */
  private static Numbers numbers(
      Observed observed, @Nullable StreamConsumerGroupStatus before, boolean exact) {
    Numbers old = before == null ? Numbers.NONE : Numbers.of(before);
    if (observed.redis() instanceof RedisObservation.Seen seen) {
      Numbers fresh = Numbers.of(seen, names(observed.pods()));
      boolean changed =
          Significance.differ(old, fresh)
              || !old.hasSameConsumers(fresh)
              || (exact && !old.matches(fresh));
      return changed ? fresh : old;
    }
    // The last known numbers; the condition says that they are old.
    return old;
  }

  private static Set<String> names(List<PodObservation> pods) {
    Set<String> names = new HashSet<>();
    pods.forEach(pod -> names.add(pod.name()));
    return names;
  }
}
