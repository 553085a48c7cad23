package io.streamfleet.kubelet;

/** A pod can't be started because something is missing that may still come, such as a ConfigMap. */
final class NotYet extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotYet(String message) {
    super(message);
  }
}
