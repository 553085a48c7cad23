package io.streamfleet.operator.redis;

import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.resource.Fleet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A resource whose groups are observed.
 *
 * @param stays false if it is being deleted, perhaps with its groups
 * @param groups completes when those that wait for the groups may go on
 * @param settings the version of the manifest that its workers should run with
 * @param created whether its groups were created; owned by the observer's thread
 */
record Watched(
    Fleet fleet,
    boolean stays,
    String settings,
    CompletableFuture<Boolean> groups,
    AtomicBoolean created) {

  Watched(Fleet fleet, boolean stays) {
    this(
        fleet,
        stays,
        WorkerConfigMap.version(fleet),
        new CompletableFuture<>(),
        new AtomicBoolean());
  }

  /**
   * Compares the uid, too: a resource that was deleted and created again starts with the same
   * generation.
   */
  boolean isOf(Fleet other, boolean otherStays) {
    return fleet.uid().equals(other.uid())
        && fleet.generation() == other.generation()
        && stays == otherStays;
  }

  boolean wantsGroups() {
    return stays && !fleet.spec().paused();
  }
}
