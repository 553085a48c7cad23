package io.streamfleet.operator.consumer;

import io.streamfleet.operator.cluster.PodsByName;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Remembers which consumers of one resource this operator saw as pods. For those, it is enough that
 * the API server says the pod is gone. Another consumer that is named like one of our pods may
 * belong to another operator in another cluster, with a fleet of the same name. Only Redis can tell
 * whether it is alive. After a restart of Redis no worker is subscribed for a moment, so a single
 * observation proves nothing, and neither does one of a Redis that has just started.
 *
 * <p>Thread-safe: a last round may begin while another one ends.
 */
final class KnownPods {

  /**
   * Consecutive observations that are needed, so that a clock jump or one long pause does not
   * decide alone.
   */
  static final int SILENT_OBSERVATIONS = 3;

  private final LongSupplier nanoTime;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Silence> silent = new HashMap<>();

  private record Silence(long since, int observations) {}

  /**
   * @param nanoTime see {@link System#nanoTime}
   */
  KnownPods(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Remembers the names of pods that the cluster knows. */
  synchronized void see(PodsByName pods) {
    seen.addAll(pods.living());
    seen.addAll(pods.over());
  }

  synchronized boolean know(String consumer) {
    return seen.contains(consumer);
  }

  /**
   * Records one observation of a consumer that is no known pod.
   *
   * @param quiet whether nobody is subscribed under this name and its last call is long enough ago
   * @return whether it was silent for long enough in several consecutive observations
   */
  synchronized boolean isGoneForGood(String consumer, boolean quiet, Duration needed) {
    if (!quiet) {
      silent.remove(consumer);
      return false;
    }
    long now = nanoTime.getAsLong();
    Silence silence =
        silent.merge(
            consumer,
            new Silence(now, 1),
            (before, first) -> new Silence(before.since(), before.observations() + 1));
    boolean gone =
        silence.observations() >= SILENT_OBSERVATIONS && now - silence.since() >= needed.toNanos();
    if (gone) {
      // Releasing its entries counts as a call of the consumer and would start the wait again, so
      // it is decided once.
      seen.add(consumer);
      silent.remove(consumer);
    }
    return gone;
  }

  /** The consumer turned out to be alive: forgets what was known about it. */
  synchronized void cameBack(String consumer, PodsByName pods) {
    if (!pods.living().contains(consumer) && !pods.over().contains(consumer)) {
      seen.remove(consumer);
    }
  }

  /** Redis could not be asked, so the observations are no longer consecutive. */
  synchronized void interrupted() {
    silent.clear();
  }

  /**
   * Forgets names that are neither consumers nor pods nor owners of partitions, if all groups could
   * be read.
   */
  synchronized void prune(Iterable<ObservedGroup> groups, Set<String> owners, PodsByName pods) {
    Set<String> there = new HashSet<>(pods.living());
    there.addAll(owners);
    there.addAll(pods.over());
    for (ObservedGroup group : groups) {
      if (group.refused().isPresent()) {
        return;
      }
      there.addAll(
          group.consumers().stream().map(ObservedConsumer::name).collect(Collectors.toSet()));
    }
    seen.retainAll(there);
    silent.keySet().retainAll(there);
  }

  /**
   * How long a consumer that was never seen as a pod has to be silent: at least {@code minIdle},
   * when other consumers may claim its entries anyway.
   */
  static Duration needed(Fleet fleet, Duration longestSilence) {
    Duration minIdle = fleet.spec().autoclaim().minIdle();
    return minIdle.compareTo(longestSilence) > 0 ? minIdle : longestSilence;
  }
}
