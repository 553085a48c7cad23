package io.streamfleet.torture.testbed;

/**
 * The run cannot go on: nothing moves any more though nothing is in the way, or a fault could not
 * be carried out, so that less was done than the schedule says.
 */
public final class RunAborted extends Exception {
  private static final long serialVersionUID = 1;

  RunAborted(String message) {
    super(message);
  }

  RunAborted(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}
