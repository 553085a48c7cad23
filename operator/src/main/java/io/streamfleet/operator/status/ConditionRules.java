package io.streamfleet.operator.status;

import io.streamfleet.operator.cluster.WorkersObservation;
import io.streamfleet.operator.redis.PartitionsSeen;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Reference;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.SettingsSpread;
import io.streamfleet.redis.group.WorkersTold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Computes the conditions. {@code docs/operations.md} explains every reason. */
final class ConditionRules {

  /** The API server accepts 32,768 characters; nobody reads more than this. */
  private static final int MAX_PROBLEMS = 10;

  /** The reason for a Redis that answers but accepts no writes. */
  static final String WRITES_REFUSED = "WritesRefused";

  /** What neither Kubernetes nor Redis explains. */
  private static final String ASK_THE_WORKER = "; the log of a worker that is not ready says why";

  /**
   * Workers look five times a second for partitions that they could have. After this time it is not
   * a move, nor one observation in the middle of one.
   */
  private static final Duration WITHOUT_OWNER_FOR = Duration.ofSeconds(30);

  private ConditionRules() {}

  /** Quotes Redis' error. */
  static Optional<String> writesRefused(RedisObservation observation) {
    return observation instanceof RedisObservation.Seen seen
        ? seen.writesRefused().map(said -> "Redis refuses all writes: " + said)
        : Optional.empty();
  }

  /** Names the stream, and quotes Redis' error. */
  private static Optional<String> partlyRefused(RedisObservation observation) {
    return observation instanceof RedisObservation.Seen seen
        ? seen.refused().map(said -> "Redis refuses some commands on " + said)
        : Optional.empty();
  }

  static ConditionState ready(
      Observed observed, ConditionState workers, ConditionState references) {
    if (observed.firstFailure().isPresent()) {
      return ConditionState.no("ApplyFailed", String.join("; ", observed.failures()));
    }
    if (!references.isTrue()) {
      return references;
    }
    return workers;
  }

  static ConditionState invalid(List<String> problems) {
    String told = problems.stream().limit(MAX_PROBLEMS).collect(Collectors.joining("; "));
    int more = problems.size() - MAX_PROBLEMS;
    return ConditionState.no(
        "InvalidSpec",
        told
            + (more > 0 ? "; and %d more".formatted(more) : "")
            + ". Nothing was changed: the workers keep running as before");
  }

  /**
   * @param redis the last observation: it may explain what no pod explains
   */
  static ConditionState workers(WorkersObservation workers, RedisObservation redis) {
    if (workers.equals(WorkersObservation.NONE)) {
      return ConditionState.no(
          "Progressing", "there are no workers yet: their Deployment does not exist");
    }
    String count =
        "%d of %d workers are available".formatted(workers.available(), workers.wanted());
    String why =
        workers
            .trouble()
            .or(() -> writesRefused(redis))
            .or(() -> partlyRefused(redis))
            .map(trouble -> "; " + trouble)
            .orElse("");
    if (workers.complete()) {
      return workers.wanted() == 0
          ? ConditionState.yes("ScaledToZero", "no workers are wanted, and none exist")
          : ConditionState.yes("AllAvailable", count);
    }
    if (workers.stuck()) {
      return ConditionState.no(
          "ProgressDeadlineExceeded", count + ", and the roll-out makes no progress" + why);
    }
    if (workers.current()
        && workers.rolledOut()
        && workers.updated() == workers.wanted()
        && workers.total() == workers.wanted()) {
      return ConditionState.no(
          "WorkersUnavailable", count + (why.isEmpty() ? ASK_THE_WORKER : why));
    }
    return ConditionState.no("Progressing", count + ", a change is being rolled out" + why);
  }

  static ConditionState redis(RedisObservation observation) {
    Optional<String> refusal = writesRefused(observation);
    if (refusal.isPresent()) {
      return ConditionState.no(WRITES_REFUSED, refusal.get());
    }
    return switch (observation) {
      case RedisObservation.Untried _ ->
          ConditionState.unknown("NotTriedYet", "Redis has not been asked yet");
      case RedisObservation.Away away -> ConditionState.no(away.reason().name(), away.message());
      case RedisObservation.Seen seen ->
          partlyRefused(seen)
              .map(refused -> ConditionState.yes("PartlyRefused", "Redis answers; " + refused))
              .orElseGet(() -> ConditionState.yes("Answers", "Redis answers"));
    };
  }

  static ConditionState references(Fleet fleet, List<Reference> missing) {
    if (missing.isEmpty()) {
      return ConditionState.yes("AllFound", "every referenced Secret and ConfigMap exists");
    }
    Reference first = missing.getFirst();
    return ConditionState.no(
        first.kind() + "NotFound",
        missing.stream()
            .map(
                reference ->
                    "%s %s, named in %s, does not exist in namespace %s"
                        .formatted(
                            reference.kind(),
                            reference.name(),
                            reference.path(),
                            fleet.namespace()))
            .collect(
                Collectors.joining("; ", "", ". Create it, and the operator continues by itself")));
  }

  static ConditionState autoscaling(boolean keda) {
    return keda
        ? ConditionState.yes("ScaledObjectApplied", "KEDA scales the workers by their lag")
        : ConditionState.no(
            "KedaNotInstalled",
            "spec.autoscaling needs KEDA (the API scaledobjects.keda.sh), which this cluster does"
                + " not have; the number of workers stays as it is until it is installed");
  }

  static ConditionState monitoring(boolean podMonitors) {
    return podMonitors
        ? ConditionState.yes("PodMonitorApplied", "Prometheus finds the workers by a PodMonitor")
        : ConditionState.no(
            "PodMonitorApiMissing",
            "spec.monitoring.podMonitor needs the Prometheus operator (the API"
                + " podmonitors.monitoring.coreos.com), which this cluster does not have");
  }

  /** Unknown, since the spec no longer asks for it. */
  static ConditionState left(String kind) {
    return ConditionState.unknown(
        "NotRemovedYet", "the %s is no longer requested, and not deleted yet".formatted(kind));
  }

  private static Optional<WorkersTold> told(RedisObservation observation) {
    return observation instanceof RedisObservation.Seen seen ? seen.workers() : Optional.empty();
  }

  /**
   * The message has no numbers: it would change, and with it the Event, each time that a worker
   * starts or ends.
   */
  static ConditionState handlers(RedisObservation observation) {
    Optional<WorkersTold> told = told(observation);
    if (told.isEmpty()) {
      return ConditionState.unknown(
          "NotKnown", "Redis did not tell whether workers have an open breaker");
    }
    long workers = told.get().settings().workers();
    if (workers == 0) {
      return ConditionState.unknown(
          "NoWorkers", "no worker reports: none runs, or all are of an older release");
    }
    Map<String, Long> unavailable = new TreeMap<>(told.get().unavailable());
    if (unavailable.isEmpty()) {
      return ConditionState.yes("AllAvailable", "no worker has an open breaker");
    }
    boolean all = unavailable.values().stream().anyMatch(it -> it >= workers);
    return ConditionState.no(
        all ? "EndpointUnavailable" : "EndpointUnavailableToSome",
        ("%s: %s have an open breaker: the endpoint of their handler is unavailable, or nearly all"
                + " messages fail. Messages wait and are not lost; the workers' log has the cause")
            .formatted(
                String.join(",", unavailable.keySet()), all ? "all workers" : "some workers"));
  }

  static ConditionState settings(RedisObservation observation) {
    Optional<SettingsSpread> told = told(observation).map(WorkersTold::settings);
    if (told.isEmpty()) {
      return ConditionState.unknown(
          "NotKnown", "the settings of the workers could not be read from Redis");
    }
    SettingsSpread spread = told.get();
    String count =
        "%d of %d workers run with the settings of version %s"
            .formatted(spread.current(), spread.workers(), spread.version());
    if (spread.refusing() > 0) {
      return ConditionState.no(
          "SettingsRefused",
          "%s; %d cannot use the new manifest and keep their settings: see their log"
              .formatted(count, spread.refusing()));
    }
    if (spread.workers() == 0) {
      return ConditionState.unknown(
          "NoWorkers",
          "no worker reports its settings: none is running, or they are of an older release");
    }
    return spread.current() >= spread.workers()
        ? ConditionState.yes("Everywhere", count)
        : ConditionState.no(
            "Spreading",
            count
                + "; the kubelet updates the manifest within two minutes, otherwise workers are"
                + " replaced");
  }

  /** The message has no numbers: it would change, and with it the Event, with each move. */
  static ConditionState partitions(RedisObservation observation) {
    if (!(observation instanceof RedisObservation.Seen seen)) {
      return ConditionState.unknown("NotKnown", "Redis did not tell which worker has a partition");
    }
    return seen.partitions().stream()
        .map(ConditionRules::partitions)
        .filter(state -> !state.isTrue())
        .findFirst()
        .orElseGet(() -> ConditionState.yes("AllOwned", "each partition has a worker"));
  }

  private static ConditionState partitions(PartitionsSeen seen) {
    ObservedPartitions observed = seen.observed();
    String stream = observed.group().whole().stream();
    int count = observed.partitions().size();
    if (observed.refused().isPresent()) {
      return ConditionState.unknown(
          "NotKnown",
          "Redis does not tell which worker has a partition of %s: %s"
              .formatted(stream, observed.refused().get()));
    }
    if (observed.present().isEmpty()) {
      return ConditionState.unknown(
          "NoWorkers",
          "no worker is there to have a partition of %s; its entries wait".formatted(stream));
    }
    if (observed.agreed().orElse(count) != count) {
      return ConditionState.no(
          "OtherCount",
          ("workers read %d partitions of %s in the group %s, not the %d of this resource, whose"
                  + " workers do not start beside them: give all resources of this group the same"
                  + " inbound.partitions.count")
              .formatted(
                  observed.agreed().getAsInt(), stream, observed.group().whole().group(), count));
    }
    return seen.longestWithoutOwner().compareTo(WITHOUT_OWNER_FOR) > 0
        ? ConditionState.no(
            "WithoutOwner",
            ("some partitions of %s have had no worker for more than %d s, and nobody handles their"
                    + " channels: status.partitions has their numbers, the log of the workers the"
                    + " cause")
                .formatted(stream, WITHOUT_OWNER_FOR.toSeconds()))
        : ConditionState.yes("AllOwned", "each partition has a worker");
  }

  /** The message names what is paused in terms of the spec, not the streams. */
  static ConditionState intakePaused(String what) {
    return ConditionState.yes(
        "PausedBySpec",
        "%s: no entries are read or claimed until the pause is removed; those in flight are finished"
            .formatted(what));
  }

  static ConditionState paused() {
    return ConditionState.yes(
        "PausedBySpec", "spec.paused is true: nothing is changed until it is false again");
  }
}
