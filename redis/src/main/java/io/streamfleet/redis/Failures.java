package io.streamfleet.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Classifies and describes failures of Redis calls. */
public final class Failures {

  /** Redis 7.0 says "one of the keys used as arguments", later versions and Valkey say "a key". */
  private static final Pattern KEY_FORBIDDEN = Pattern.compile("access (one of the keys|a key)");

  /** The error codes with which a server refuses every write. */
  public static final List<String> NO_WRITES = List.of("OOM", "MISCONF", "NOREPLICAS", "READONLY");

  /** Causes may form a cycle, and no real chain is this long. */
  private static final int MAX_DEPTH = 100;

  private Failures() {}

  /** The failure itself, without the wrappers of futures. */
  public static Throwable cause(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; depth < MAX_DEPTH && inner.getCause() != null; depth++) {
      if (!(inner instanceof CompletionException || inner instanceof ExecutionException)) {
        break;
      }
      inner = inner.getCause();
    }
    return inner;
  }

  /**
   * The group, perhaps with its stream, does not exist: after a FLUSHALL, a failover, a manual
   * delete. Redis 7.0 has another message for a blocked read. The same error code also tells a
   * blocked read that its server became a replica, or that {@code CLIENT UNBLOCK} ended it.
   */
  public static boolean isNoGroup(Throwable failure) {
    return startsWith(failure, "NOGROUP")
        || startsWith(failure, "UNBLOCKED the stream key no longer exists");
  }

  /** The key is not a stream. */
  public static boolean isWrongType(Throwable failure) {
    return startsWith(failure, "WRONGTYPE");
  }

  /** Redis answered with an error; the connection works. */
  public static boolean isRefusal(Throwable failure) {
    return cause(failure) instanceof RedisCommandExecutionException;
  }

  /** The group to be created exists already. */
  public static boolean isBusyGroup(Throwable failure) {
    return startsWith(failure, "BUSYGROUP");
  }

  /** The stream does not exist (XINFO has no error code for it). */
  public static boolean isNoKey(Throwable failure) {
    return startsWith(failure, "ERR no such key");
  }

  /**
   * A command with several keys was refused because of one of them or their combination; each may
   * work by itself. An ACL forbids a key (NOPERM also concerns commands and channels), the keys are
   * in several slots, or their slot is being migrated.
   */
  public static boolean isOfKeys(Throwable failure) {
    String message = cause(failure).getMessage();
    return startsWith(failure, "CROSSSLOT")
        || startsWith(failure, "TRYAGAIN")
        || (startsWith(failure, "NOPERM")
            && message != null
            && KEY_FORBIDDEN.matcher(message).find());
  }

  /** Redis refused this key; other keys may work. */
  public static boolean isOfOneKey(Throwable failure) {
    return startsWith(failure, "WRONGTYPE") || startsWith(failure, "NOPERM");
  }

  /** The last id of the stream is the highest possible one, so no entry can be added. */
  public static boolean isExhausted(Throwable failure) {
    return String.valueOf(cause(failure).getMessage()).contains("exhausted the last possible ID");
  }

  /** The user lacks a permission; scripts have their own error message for it. */
  public static boolean isForbidden(Throwable failure) {
    return startsWith(failure, "NOPERM")
        || String.valueOf(cause(failure).getMessage()).contains("The user executing the script");
  }

  /**
   * The server refuses all writes: its memory is full, its disk fails, it has too few replicas, or
   * it is a replica.
   */
  public static boolean isOfAllWrites(Throwable failure) {
    return NO_WRITES.stream().anyMatch(code -> startsWith(failure, code + " "));
  }

  private static boolean startsWith(Throwable failure, String code) {
    String message = cause(failure).getMessage();
    return message != null && message.startsWith(code);
  }

  /**
   * The innermost cause: the exceptions that the client wraps around it only say that something
   * failed.
   */
  public static Throwable root(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; depth < MAX_DEPTH && inner.getCause() != null; depth++) {
      inner = inner.getCause();
    }
    return inner;
  }

  /**
   * One line for users: the message of Redis, the network or the client. The class name is included
   * only for other exceptions, which are bugs of ours. Never contains a payload.
   */
  public static String line(Throwable failure) {
    Throwable cause = cause(failure);
    String message = cause.getMessage();
    return switch (cause) {
      case TimeoutException _ when message == null -> "no answer in time";
      case ClosedChannelException _ -> "the connection was closed";
      case UnknownHostException _ -> "the name of the host is not known: " + message;
      case CertPathBuilderException _ ->
          "the certificate of the server is not from an authority that is trusted: " + message;
      case NotSslRecordException _ -> "the server does not speak TLS at this port";
      case RedisException around when around.getCause() != null -> line(around.getCause());
      case DecoderException around when around.getCause() != null -> line(around.getCause());
      case RedisException _ when message != null -> message;
      case UnusableSecret _ when message != null -> message;
      case IOException _ when message != null -> message;
      case UncheckedIOException _ when message != null -> message;
      case GeneralSecurityException _ when message != null -> message;
      default -> {
        String kind = cause.getClass().getSimpleName();
        yield message == null ? kind : kind + ": " + message;
      }
    };
  }
}
