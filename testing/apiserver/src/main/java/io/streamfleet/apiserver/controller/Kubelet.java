package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Runs pods. It is called once when a pod exists and once when it has to end; the calls are
 * sequential and must not wait for the pod.
 */
public interface Kubelet {

  /**
   * A pod was assigned to this node.
   *
   * @param node receives the pod's status
   */
  void started(Pod pod, Node node);

  /**
   * A pod has to end within its {@code deletionGracePeriodSeconds}, or is deleted already; {@link
   * Node#gone} reports that it has ended.
   */
  void stopping(Pod pod, Node node);

  /** The log of a pod, as far as it is kept; empty if it has printed nothing here. */
  default Optional<String> log(String namespace, String pod) {
    return Optional.empty();
  }
}
