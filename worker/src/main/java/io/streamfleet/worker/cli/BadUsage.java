package io.streamfleet.worker.cli;

/** What a command was told cannot be done; nothing was touched in Redis. The message says why. */
public final class BadUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadUsage(String message) {
    super(message);
  }
}
