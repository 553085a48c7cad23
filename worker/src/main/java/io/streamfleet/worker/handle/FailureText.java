package io.streamfleet.worker.handle;

import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.redis.Failures;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a handler threw, in one line for log and dead letter, with the place where it comes from.
 * The text is the handler's own; it is told in its contract to keep payloads out of it.
 */
final class FailureText {

  /** A dead letter keeps 500 characters of it; more is a payload or a mistake. */
  private static final int LONGEST = 1_000;

  /** So that the place is among the 500 characters of a dead letter. */
  private static final int LONGEST_BEFORE_A_PLACE = 300;

  private static final Pattern OF_JAVA = Pattern.compile("^(java|javax|jdk|sun)\\.");

  private FailureText() {}

  /** Never throws, whatever the throwable does when it is asked. */
  static String of(Throwable thrown) {
    try {
      Throwable cause = Failures.cause(thrown);
      String name = cause.getClass().getSimpleName();
      String message = cause.getMessage();
      String place = isSaid(cause) ? "" : place(cause);
      return (message == null || message.isBlank()
              ? name
              : name + ": " + line(message, place.isEmpty() ? LONGEST : LONGEST_BEFORE_A_PLACE))
          + place;
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName() + ", which fails to tell its message";
    }
  }

  /** Its author knows what it is about, and its text says it. */
  private static boolean isSaid(Throwable cause) {
    return cause instanceof PermanentFailure
        || cause instanceof TransientFailure
        || cause instanceof HandlerUnavailable
        || cause instanceof MachineFaults.Hindrance;
  }

  /**
   * Where it was thrown, as far as that is the author's code: the first line that is not of Java
   * itself. Empty where there is no stack.
   */
  private static String place(Throwable cause) {
    return Arrays.stream(cause.getStackTrace())
        .filter(it -> !OF_JAVA.matcher(it.getClassName()).find())
        .findFirst()
        .map(
            it ->
                " (at %s.%s, %s:%d)"
                    .formatted(
                        it.getClassName(),
                        it.getMethodName(),
                        Objects.requireNonNullElse(it.getFileName(), "no source"),
                        it.getLineNumber()))
        .orElse("");
  }

  private static String line(String message, int longest) {
    String some = message.length() > longest ? message.substring(0, longest) + "…" : message;
    return some.replaceAll("\\R", " ");
  }
}
