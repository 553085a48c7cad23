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
 * Which names of one resource's groups this operator saw as pods. Of those the API server's word
 * that the pod is gone is enough. A name that only looks like one of ours may be of another
 * operator's pod, in another cluster, with a fleet of the same name: Redis alone can tell whether
 * it lives. After a restart of Redis nobody listens for a moment, so one silent look says nothing,
 * and neither does a look at a Redis that has just started.
 *
 * <p>Any thread may ask: a last round may begin while another one ends.
 */
final class KnownPods {

  /** Looks in a row, so that a clock that jumps, or one long pause, decides nothing alone. */
  static final int SILENT_LOOKS = 3;

  private final LongSupplier nanoTime;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Silence> silent = new HashMap<>();

  private record Silence(long since, int looks) {}

  /**
   * @param nanoTime as {@link System#nanoTime} has it
   */
  KnownPods(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The names of pods, as the cluster says them. */
  synchronized void see(PodsByName pods) {
    seen.addAll(pods.living());
    seen.addAll(pods.over());
  }

  synchronized boolean know(String consumer) {
    return seen.contains(consumer);
  }

  /**
   * Takes note of one look at a name that is no pod's.
   *
   * @param quiet whether nobody listens under it, and nobody called for as long as needed
   * @return whether it has been silent for as long as needed, in each of several looks
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
            (before, first) -> new Silence(before.since(), before.looks() + 1));
    boolean gone = silence.looks() >= SILENT_LOOKS && now - silence.since() >= needed.toNanos();
    if (gone) {
      // To hand over what is pending counts as a call of the name, so it is asked only once.
      seen.add(consumer);
      silent.remove(consumer);
    }
    return gone;
  }

  /** A name turned out to be alive: what was known of it is void. */
  synchronized void cameBack(String consumer, PodsByName pods) {
    if (!pods.living().contains(consumer) && !pods.over().contains(consumer)) {
      seen.remove(consumer);
    }
  }

  /** Redis could not be asked: who is silent after that starts anew. */
  synchronized void interrupted() {
    silent.clear();
  }

  /** Forgets names that are neither in the groups nor pods, if all groups could be asked. */
  synchronized void prune(Iterable<ObservedGroup> groups, PodsByName pods) {
    Set<String> there = new HashSet<>(pods.living());
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
   * How long a name that nobody saw as a pod has to be silent: others may claim by then as well.
   */
  static Duration needed(Fleet fleet, Duration longestSilence) {
    Duration minIdle = fleet.spec().autoclaim().minIdle();
    return minIdle.compareTo(longestSilence) > 0 ? minIdle : longestSilence;
  }
}
