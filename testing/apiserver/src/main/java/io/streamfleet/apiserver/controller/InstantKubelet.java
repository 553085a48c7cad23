package io.streamfleet.apiserver.controller;

import io.fabric8.kubernetes.api.model.Pod;

/** Runs nothing: a pod is ready as soon as it exists, and gone as soon as it is deleted. */
public final class InstantKubelet implements Kubelet {

  @Override
  public void started(Pod pod, Node node) {
    node.running(pod, true);
  }

  @Override
  public void stopping(Pod pod, Node node) {
    node.gone(pod);
  }
}
