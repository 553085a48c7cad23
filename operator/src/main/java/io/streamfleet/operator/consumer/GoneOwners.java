package io.streamfleet.operator.consumer;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.AbandonedPartitions;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionInspection;
import io.streamfleet.redis.group.PartitionedGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases the partitions of pods that are gone: others acquire them at once, not when the leases
 * run out. A worker may have partitions without being a consumer of them, as long as nothing was
 * read. The calling thread waits for Redis.
 */
final class GoneOwners {

  private static final Logger LOG = LoggerFactory.getLogger(GoneOwners.class);

  /** Workers announce themselves five times a second; a pause of the process may take a second. */
  private static final Duration ALIVE_WITHIN = Duration.ofSeconds(1);

  private final Fleet fleet;
  private final Link link;
  private final NoticeChannels notices;
  private final Duration timeout;
  private final List<ObservedPartitions> seen;

  private GoneOwners(
      Fleet fleet,
      Link link,
      NoticeChannels notices,
      Duration timeout,
      List<ObservedPartitions> seen) {
    this.fleet = fleet;
    this.link = link;
    this.notices = notices;
    this.timeout = timeout;
    this.seen = List.copyOf(seen);
  }

  /**
   * Looks who has the partitions of a fleet, if it has any.
   *
   * @param timeout how long to wait for a reply of Redis
   */
  static GoneOwners look(Fleet fleet, Link link, NoticeChannels notices, Duration timeout)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<ObservedPartitions> seen =
        PartitionInspection.look(link, fleet.partitioned())
            .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return new GoneOwners(fleet, link, notices, timeout, seen);
  }

  /** All workers that have partitions, or share in them. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    seen.forEach(partitions -> names.addAll(names(partitions)));
    return names;
  }

  private static Set<String> names(ObservedPartitions partitions) {
    Set<String> names = new HashSet<>(partitions.byOwner().keySet());
    names.addAll(partitions.members().keySet());
    return names;
  }

  /**
   * What is left to release.
   *
   * @param names owners whose partitions could not be released yet
   * @param alive those of them whose process still runs
   */
  record Left(Set<String> names, Set<String> alive) {}

  /**
   * Releases what owners have that are gone.
   *
   * @param gone whether the pod of an owner is gone for sure
   * @param departed those whose process is known to be gone as well
   */
  Left release(Predicate<String> gone, Set<String> departed) throws InterruptedException {
    Set<String> left = new HashSet<>();
    Set<String> alive = new HashSet<>();
    for (ObservedPartitions partitions : seen) {
      Set<String> release = new HashSet<>();
      for (String owner : names(partitions)) {
        if (departed.contains(owner)) {
          release.add(owner);
        } else if (gone.test(owner) && fleet.names().isWorkerPod(owner)) {
          (isAlive(partitions, owner) ? alive : release).add(owner);
        }
      }
      if (!release.isEmpty() && !release(partitions, release)) {
        left.addAll(release);
      }
    }
    left.addAll(alive);
    return new Left(left, alive);
  }

  /**
   * The API server may report a pod as gone whose process still works. A process that announced
   * itself a moment ago is alive if it is connected, or if nobody can tell.
   */
  private boolean isAlive(ObservedPartitions partitions, String owner) throws InterruptedException {
    Duration ago = partitions.members().get(owner);
    if (ago == null || ago.compareTo(ALIVE_WITHIN) > 0) {
      return false;
    }
    PartitionedGroup group = partitions.group();
    try {
      return notices
          .isListening(link, group.groups().getFirst(), owner)
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .orElse(true);
    } catch (ExecutionException | TimeoutException e) {
      return true;
    }
  }

  /** Returns whether Redis did it. */
  private boolean release(ObservedPartitions partitions, Set<String> owners)
      throws InterruptedException {
    PartitionedGroup group = partitions.group();
    CompletableFuture<Long> released =
        new AbandonedPartitions(link, group.keys()).release(owners, group.leased());
    try {
      long leases = released.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      LOG.atInfo()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("consumers", owners.size())
          .addKeyValue("partitions", leases)
          .log("released the partitions of pods that are gone");
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("resource", fleet.id())
          .addKeyValue("failure", Failures.line(e))
          .log("could not release the partitions of pods that are gone; trying again");
      return false;
    }
  }
}
