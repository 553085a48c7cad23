package io.streamfleet.kubelet;

/**
 * Is told when something happens to the process of a pod, on the thread that does it: must not
 * block.
 */
public interface ProcessListener {

  /** The process of a pod was started. */
  void started(PodProcess pod);

  /** The process of a pod is about to get SIGTERM. */
  void toldToEnd(PodProcess pod);

  /** The process of a pod has ended. */
  void ended(PodProcess pod, int status);
}
