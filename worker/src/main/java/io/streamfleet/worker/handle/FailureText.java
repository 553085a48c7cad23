package io.streamfleet.worker.handle;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a handler threw, in one line for log and dead letter. The text is the handler's own; it is
 * told in its contract to keep payloads out of it.
 */
final class FailureText {

  /** A dead letter keeps 500 characters of it; more is a payload or a mistake. */
  private static final int LONGEST = 1_000;

  /** Wrappers of wrappers: more is a loop. */
  private static final int DEEPEST = 10;

  private FailureText() {}

  /** Never throws, whatever the throwable does when it is asked. */
  static String of(Throwable thrown) {
    try {
      Throwable cause = unwrapped(thrown);
      String name = cause.getClass().getSimpleName();
      String message = cause.getMessage();
      return message == null || message.isBlank() ? name : name + ": " + line(message);
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName() + ", which fails to tell its message";
    }
  }

  /** The failure itself, out of what futures wrap around it. */
  private static Throwable unwrapped(Throwable thrown) {
    Throwable inner = thrown;
    for (int depth = 0; depth < DEEPEST; depth++) {
      @Nullable Throwable cause = inner.getCause();
      if (cause == null
          || !(inner instanceof CompletionException || inner instanceof ExecutionException)) {
        break;
      }
      inner = cause;
    }
    return inner;
  }

  private static String line(String message) {
    String some = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    return some.replaceAll("\\R", " ");
  }
}
