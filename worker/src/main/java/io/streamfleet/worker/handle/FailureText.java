package io.streamfleet.worker.handle;

import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.redis.Failures;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Describes what a handler threw in one line for log and dead letter, with the line of code that
 * threw it. The text is the handler's; its contract says that it must not contain payloads.
 */
final class FailureText {

  /** Characters in the log, at most: a dead letter keeps 500, and longer texts contain payloads. */
  private static final int LONGEST = 1_000;

  /** Shorter, so that the line of code is among the 500 characters of a dead letter. */
  private static final int LONGEST_BEFORE_A_PLACE = 300;

  private static final Pattern OF_JAVA = Pattern.compile("^(java|javax|jdk|sun)\\.");

  private FailureText() {}

  /** Never throws, even if methods of the throwable do. */
  static String of(Throwable thrown) {
    try {
      Throwable cause = Failures.cause(thrown);
      String name = cause.getClass().getSimpleName();
      String message = cause.getMessage();
      String place = isOfHandlerApi(cause) ? "" : place(cause);
      return (message == null || message.isBlank()
              ? name
              : name + ": " + line(message, place.isEmpty() ? LONGEST : LONGEST_BEFORE_A_PLACE))
          + place;
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName() + ", whose getMessage failed";
    }
  }

  /** Thrown on purpose to report a failure: its message explains it without a line of code. */
  private static boolean isOfHandlerApi(Throwable cause) {
    return cause instanceof PermanentFailure
        || cause instanceof TransientFailure
        || cause instanceof HandlerUnavailable
        || cause instanceof MachineFaults.Hindrance;
  }

  /**
   * The first stack frame that is not of the JDK, which is usually in the handler's code. Empty if
   * there is no stack trace.
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
