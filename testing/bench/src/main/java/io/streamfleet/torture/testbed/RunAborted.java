package io.streamfleet.torture.testbed;

/**
 * The run cannot continue: there is no progress although no fault is active, or a fault could not
 * be executed, so that the schedule was not carried out.
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
