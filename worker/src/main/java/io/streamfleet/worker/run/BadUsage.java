package io.streamfleet.worker.run;

/**
 * A command line that cannot be carried out; the message says why. Nothing was written to Redis.
 */
public final class BadUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BadUsage(String message) {
    super(message);
  }
}
