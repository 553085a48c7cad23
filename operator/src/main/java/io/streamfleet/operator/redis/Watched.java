package io.streamfleet.operator.redis;

import io.streamfleet.operator.desired.WorkerConfigMap;
import io.streamfleet.operator.resource.Fleet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A resource at whose groups a site looks.
 *
 * @param stays whether it is not about to be deleted, its groups perhaps with it
 * @param groups completes when whoever waits for the groups may go on
 * @param settings the version of the manifest that its workers are to run by
 * @param created whether the groups were seen to; owned by the observer's thread
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

  /** A resource that was deleted and made anew begins with the same generation. */
  boolean isOf(Fleet other, boolean otherStays) {
    return fleet.uid().equals(other.uid())
        && fleet.generation() == other.generation()
        && stays == otherStays;
  }

  boolean wantsGroups() {
    return stays && !fleet.spec().paused();
  }
}
