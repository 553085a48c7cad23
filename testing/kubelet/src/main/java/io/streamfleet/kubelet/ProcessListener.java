package io.streamfleet.kubelet;

/**
 * Hears of the processes of pods at the moment when something happens to them, on the thread that
 * does it: it must not wait.
 */
public interface ProcessListener {

  /** The process of a pod was started. */
  void started(PodProcess pod);

  /** The process of a pod is about to get SIGTERM. */
  void toldToEnd(PodProcess pod);

  /** The process of a pod has ended. */
  void ended(PodProcess pod, int status);
}
