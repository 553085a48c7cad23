package io.streamfleet.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be found, started, signalled or brought into the state that was waited for.
 * The message says which one, carries the end of its log where there is one, and says what to do.
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
