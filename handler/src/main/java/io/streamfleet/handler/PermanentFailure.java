package io.streamfleet.handler;

/** Another attempt can't help: the entry becomes a dead letter at once. */
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
