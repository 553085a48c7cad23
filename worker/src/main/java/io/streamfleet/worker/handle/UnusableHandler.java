package io.streamfleet.worker.handle;

/** The handler of a manifest was not found or cannot be used, so the worker cannot start. */
public class UnusableHandler extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param message which handler is unusable and why, and what to do
   */
  public UnusableHandler(String message) {
    super(message);
  }

  public UnusableHandler(String message, Throwable cause) {
    super(message, cause);
  }
}
