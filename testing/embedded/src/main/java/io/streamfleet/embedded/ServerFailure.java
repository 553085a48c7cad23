package io.streamfleet.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be found, started, signalled or brought into the expected state. The message
 * says which one, contains the end of its log if there is one, and says what to do.
 */
public final class ServerFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ServerFailure(String message) {
    this(message, null);
  }

  ServerFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
