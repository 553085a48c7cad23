package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.util.Optional;
import java.util.function.Function;

/** The counts in a ReplicaSet's status; absent is zero. */
final class ReplicaSetCounts {

  private ReplicaSetCounts() {}

  static int replicas(ReplicaSet set) {
    return count(set, ReplicaSetStatus::getReplicas);
  }

  static int ready(ReplicaSet set) {
    return count(set, ReplicaSetStatus::getReadyReplicas);
  }

  static int available(ReplicaSet set) {
    return count(set, ReplicaSetStatus::getAvailableReplicas);
  }

  private static int count(ReplicaSet set, Function<ReplicaSetStatus, Integer> count) {
    return Optional.ofNullable(set.getStatus()).map(count).orElse(0);
  }
}
