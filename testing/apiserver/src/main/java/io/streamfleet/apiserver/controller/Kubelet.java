package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Runs pods. Told of each pod once when it is there, and once when it is to end; both calls are
 * made one after the other and must not wait for the pod.
 */
public interface Kubelet {

  /**
   * A pod is there, and is this node's.
   *
   * @param node to be told how the pod fares
   */
  void started(Pod pod, Node node);

  /**
   * A pod is to end within its {@code deletionGracePeriodSeconds}, or is gone from the API server
   * already; {@link Node#gone} says that it has ended.
   */
  void stopping(Pod pod, Node node);

  /** What a pod has printed, as far as it is kept; empty for one that has printed nothing here. */
  default Optional<String> log(String namespace, String pod) {
    return Optional.empty();
  }
}
