package io.streamfleet.kubelet;

/** A pod cannot be started for want of something that may still come, such as a ConfigMap. */
final class NotYet extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotYet(String message) {
    super(message);
  }
}
