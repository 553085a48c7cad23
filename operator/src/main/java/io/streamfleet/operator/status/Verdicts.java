package io.streamfleet.operator.status;

import io.streamfleet.operator.cluster.WorkersSight;
import io.streamfleet.operator.redis.RedisSight;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Reference;
import io.streamfleet.redis.group.SettingsSpread;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What each condition says, and when. {@code docs/operations.md} explains every reason. */
final class Verdicts {

  /** The API server takes 32,768 characters; nobody reads more than this. */
  private static final int PROBLEMS_TOLD = 10;

  /** The reason of a Redis that answers and takes no writes. */
  static final String WRITES_REFUSED = "WritesRefused";

  private Verdicts() {}

  /** In Redis' own words. */
  static Optional<String> writesRefused(RedisSight sight) {
    return sight instanceof RedisSight.Seen seen
        ? seen.writesRefused().map(said -> "Redis refuses all writes: " + said)
        : Optional.empty();
  }

  static Verdict ready(Observed observed, Verdict workers, Verdict references) {
    if (observed.firstFailure().isPresent()) {
      return Verdict.no("ApplyFailed", String.join("; ", observed.failures()));
    }
    if (!references.isTrue()) {
      return references;
    }
    return workers;
  }

  static Verdict invalid(List<String> problems) {
    String told = problems.stream().limit(PROBLEMS_TOLD).collect(Collectors.joining("; "));
    int more = problems.size() - PROBLEMS_TOLD;
    return Verdict.no(
        "InvalidSpec",
        told
            + (more > 0 ? "; and %d more".formatted(more) : "")
            + ". Nothing was changed: what ran before runs on");
  }

  /**
   * @param redis as it was seen last: what no pod has a trouble of its own for may have its cause
   *     there
   */
  static Verdict workers(WorkersSight workers, RedisSight redis) {
    if (workers.equals(WorkersSight.NONE)) {
      return Verdict.no("Progressing", "there are no workers yet: their Deployment is not made");
    }
    String count =
        "%d of %d workers are available".formatted(workers.available(), workers.wanted());
    String why =
        workers.trouble().or(() -> writesRefused(redis)).map(trouble -> "; " + trouble).orElse("");
    if (workers.complete()) {
      return workers.wanted() == 0
          ? Verdict.yes("ScaledToZero", "no workers are wanted, and none are there")
          : Verdict.yes("AllAvailable", count);
    }
    if (workers.stuck()) {
      return Verdict.no(
          "ProgressDeadlineExceeded", count + ", and the roll-out makes no progress" + why);
    }
    if (workers.current()
        && workers.rolledOut()
        && workers.updated() == workers.wanted()
        && workers.total() == workers.wanted()) {
      return Verdict.no("WorkersUnavailable", count + why);
    }
    return Verdict.no("Progressing", count + ", a change is being rolled out" + why);
  }

  static Verdict redis(RedisSight sight) {
    Optional<String> refusal = writesRefused(sight);
    if (refusal.isPresent()) {
      return Verdict.no(WRITES_REFUSED, refusal.get());
    }
    return switch (sight) {
      case RedisSight.Untried _ -> Verdict.unknown("NotTriedYet", "Redis has not been asked yet");
      case RedisSight.Away away -> Verdict.no(away.reason().name(), away.message());
      case RedisSight.Seen seen ->
          seen.groups().stream()
              .flatMap(group -> group.refused().stream())
              .findFirst()
              .map(
                  refused -> Verdict.yes("PartlyRefused", "Redis answers, but not all: " + refused))
              .orElseGet(() -> Verdict.yes("Answers", "Redis answers"));
    };
  }

  static Verdict references(Fleet fleet, List<Reference> missing) {
    if (missing.isEmpty()) {
      return Verdict.yes("AllFound", "every Secret and ConfigMap that is named is there");
    }
    Reference first = missing.getFirst();
    return Verdict.no(
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
            .collect(Collectors.joining("; ", "", ". Make it, and all goes on by itself")));
  }

  static Verdict autoscaling(boolean keda) {
    return keda
        ? Verdict.yes("ScaledObjectApplied", "KEDA scales the workers by their lag")
        : Verdict.no(
            "KedaNotInstalled",
            "spec.autoscaling needs KEDA (the API scaledobjects.keda.sh), which this cluster does"
                + " not have; the number of workers stays as it is until it is installed");
  }

  static Verdict monitoring(boolean podMonitors) {
    return podMonitors
        ? Verdict.yes("PodMonitorApplied", "Prometheus finds the workers by a PodMonitor")
        : Verdict.no(
            "PodMonitorApiMissing",
            "spec.monitoring.podMonitor needs the Prometheus operator (the API"
                + " podmonitors.monitoring.coreos.com), which this cluster does not have");
  }

  /** Neither good nor bad: nobody asks for it any more. */
  static Verdict left(String kind) {
    return Verdict.unknown(
        "NotRemovedYet",
        "the %s is not asked for any more, and still to be deleted".formatted(kind));
  }

  static Verdict settings(RedisSight sight) {
    Optional<SettingsSpread> told =
        sight instanceof RedisSight.Seen seen ? seen.settings() : Optional.empty();
    if (told.isEmpty()) {
      return Verdict.unknown("NotKnown", "Redis has not told by which settings the workers run");
    }
    SettingsSpread spread = told.get();
    String count =
        "%d of %d workers run by the settings of version %s"
            .formatted(spread.current(), spread.workers(), spread.version());
    if (spread.refusing() > 0) {
      return Verdict.no(
          "SettingsRefused",
          "%s; %d cannot use the manifest that they were given and go on as before: their log says why"
              .formatted(count, spread.refusing()));
    }
    if (spread.workers() == 0) {
      return Verdict.unknown(
          "NoWorkers", "no worker tells its settings: none runs, or they are of an older release");
    }
    return spread.current() >= spread.workers()
        ? Verdict.yes("Everywhere", count)
        : Verdict.no(
            "Spreading",
            count + "; the kubelet brings a change within two minutes, else workers are replaced");
  }

  /** Which streams are meant does not matter here: what is paused is said in words of the spec. */
  static Verdict intakePaused(String what) {
    return Verdict.yes(
        "PausedBySpec",
        "%s: nothing more is read or claimed until the pause is taken back; what is in hand ends"
            .formatted(what));
  }

  static Verdict paused() {
    return Verdict.yes(
        "PausedBySpec", "spec.paused is true: nothing is changed until it is false again");
  }
}
