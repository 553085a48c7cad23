package io.streamfleet.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** What went wrong between us and Redis. */
public final class Failures {

  /** Redis 7.0 says "one of the keys used as arguments", later ones and Valkey "a key". */
  private static final Pattern KEY_FORBIDDEN = Pattern.compile("access (one of the keys|a key)");

  private Failures() {}

  /** The failure itself, out of what futures wrap around it. */
  public static Throwable cause(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  /**
   * The group, or the stream with it, is gone: after a flush, a failover, a hand on the console. A
   * read that waits is told so in other words by Redis 7.0; with the same code it is told that its
   * server became a replica, or that somebody ended its wait ({@code CLIENT UNBLOCK}).
   */
  public static boolean isNoGroup(Throwable failure) {
    return startsWith(failure, "NOGROUP")
        || startsWith(failure, "UNBLOCKED the stream key no longer exists");
  }

  /** The key holds something else than a stream. */
  public static boolean isWrongType(Throwable failure) {
    return startsWith(failure, "WRONGTYPE");
  }

  /**
   * Redis answered, and will not do it: unlike a connection that fails, that is no matter of it.
   */
  public static boolean isRefusal(Throwable failure) {
    return cause(failure) instanceof RedisCommandExecutionException;
  }

  /** The group was there already when we were to create it. */
  public static boolean isBusyGroup(Throwable failure) {
    return startsWith(failure, "BUSYGROUP");
  }

  /** The stream is not there (XINFO has no code of its own for that). */
  public static boolean isNoKey(Throwable failure) {
    return startsWith(failure, "ERR no such key");
  }

  /**
   * A call of several keys was refused for one of them, or for what they are together; any of them
   * may be welcome by itself. An ACL forbids a key (NOPERM speaks of commands and channels, too),
   * or keys lie in several slots, or in one that is being moved.
   */
  public static boolean isOfKeys(Throwable failure) {
    String message = cause(failure).getMessage();
    return startsWith(failure, "CROSSSLOT")
        || startsWith(failure, "TRYAGAIN")
        || (startsWith(failure, "NOPERM")
            && message != null
            && KEY_FORBIDDEN.matcher(message).find());
  }

  private static boolean startsWith(Throwable failure, String code) {
    String message = cause(failure).getMessage();
    return message != null && message.startsWith(code);
  }

  /** One line for people: Redis' own words, else what kind of failure; never with a payload. */
  public static String line(Throwable failure) {
    Throwable cause = cause(failure);
    String kind = cause.getClass().getSimpleName();
    String message = cause.getMessage();
    if (message == null) {
      return cause instanceof TimeoutException ? "no answer in time" : kind;
    }
    return cause instanceof RedisCommandExecutionException ? message : kind + ": " + message;
  }
}
