package io.streamfleet.worker.run;

/** What a command was told cannot be done; nothing was touched in Redis. The message says why. */
public final class BadUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BadUsage(String message) {
    super(message);
  }
}
