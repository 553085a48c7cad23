package io.streamfleet.worker.handle;

import io.streamfleet.redis.Failures;

/**
 * What a handler threw, in one line for log and dead letter. The text is the handler's own; it is
 * told in its contract to keep payloads out of it.
 */
final class FailureText {

  /** A dead letter keeps 500 characters of it; more is a payload or a mistake. */
  private static final int LONGEST = 1_000;

  private FailureText() {}

  /** Never throws, whatever the throwable does when it is asked. */
  static String of(Throwable thrown) {
    try {
      Throwable cause = Failures.cause(thrown);
      String name = cause.getClass().getSimpleName();
      String message = cause.getMessage();
      return message == null || message.isBlank() ? name : name + ": " + line(message);
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName() + ", which fails to tell its message";
    }
  }

  private static String line(String message) {
    String some = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    return some.replaceAll("\\R", " ");
  }
}
