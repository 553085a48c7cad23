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

/** What went wrong between us and Redis. */
public final class Failures {

  /** Redis 7.0 says "one of the keys used as arguments", later ones and Valkey "a key". */
  private static final Pattern KEY_FORBIDDEN = Pattern.compile("access (one of the keys|a key)");

  /** The words by which a server refuses every write, whoever asks and whatever for. */
  public static final List<String> NO_WRITES = List.of("OOM", "MISCONF", "NOREPLICAS", "READONLY");

  /** A circle of causes is possible, and nobody has met a chain of a hundred. */
  private static final int DEEPEST = 100;

  private Failures() {}

  /** The failure itself, out of what futures wrap around it. */
  public static Throwable cause(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; depth < DEEPEST && inner.getCause() != null; depth++) {
      if (!(inner instanceof CompletionException || inner instanceof ExecutionException)) {
        break;
      }
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

  /** Redis has something against this key, and perhaps nothing against others. */
  public static boolean isOfOneKey(Throwable failure) {
    return startsWith(failure, "WRONGTYPE") || startsWith(failure, "NOPERM");
  }

  /** The last id of a stream is the highest possible: it can have no more entries. */
  public static boolean isExhausted(Throwable failure) {
    return String.valueOf(cause(failure).getMessage()).contains("exhausted the last possible ID");
  }

  /** The user lacks a right; scripts say so in words of their own. */
  public static boolean isForbidden(Throwable failure) {
    return startsWith(failure, "NOPERM")
        || String.valueOf(cause(failure).getMessage()).contains("The user executing the script");
  }

  /**
   * The server takes no writes at all: its memory is full, its disk fails, it has too few replicas,
   * or it is one.
   */
  public static boolean isOfAllWrites(Throwable failure) {
    return NO_WRITES.stream().anyMatch(code -> startsWith(failure, code + " "));
  }

  private static boolean startsWith(Throwable failure, String code) {
    String message = cause(failure).getMessage();
    return message != null && message.startsWith(code);
  }

  /** The first cause of all: what the client wraps around it says only that something failed. */
  public static Throwable root(Throwable failure) {
    Throwable inner = failure;
    for (int depth = 0; depth < DEEPEST && inner.getCause() != null; depth++) {
      inner = inner.getCause();
    }
    return inner;
  }

  /**
   * One line for people: Redis' own words, else those of the network or the client. The name of a
   * class is told only of a fault that none of them speaks of, which is ours; never with a payload.
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
