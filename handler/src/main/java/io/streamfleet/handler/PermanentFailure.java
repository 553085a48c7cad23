package io.streamfleet.handler;

/** Trying again cannot help: the entry goes to the dead letters at once. */
public class PermanentFailure extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param message what happened, for the dead letter and the log: no payload, no credential
   */
  public PermanentFailure(String message) {
    super(message);
  }

  public PermanentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
