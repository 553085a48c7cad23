package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.streamfleet.worker.http.Exchange.Rest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer, as far as it has arrived. Its body is kept, up to a limit, if it is needed. A body
 * that is not needed is read as well, since only after a complete answer the connection can be
 * reused.
 */
final class HttpAnswer {

  /**
   * The longest body that is read, in bytes. It allows a message with an inline attachment, which
   * platforms limit to about this size, and bounds the heap that a faulty server can use.
   */
  static final int LONGEST_BODY = 8 * 1024 * 1024;

  /**
   * A body up to this size, in bytes for each message, is read without a permit; only a few longer
   * ones are read at a time. Most have some hundred bytes.
   */
  private static final int SHORT = 8 * 1024;

  private static final int NO_CONTENT = 204;

  /**
   * What a 429 limits, as Discord's API says it ("Rate Limits", header format): {@code global} is
   * all calls; {@code user} and {@code shared} are calls to one resource, such as a channel.
   */
  private static final String LIMIT_SCOPE = "x-ratelimit-scope";

  private static final String LIMIT_IS_GLOBAL = "x-ratelimit-global";

  private static final Set<String> CHANNEL_SCOPES = Set.of("user", "shared");

  private final int status;
  private final @Nullable String retryAfter;
  private final boolean limitsChannelOnly;
  private final String contentType;
  private final boolean declaresBody;
  private final AnswerBody body = new AnswerBody();
  private final long withoutPermit;
  private long seen;

  /**
   * @param messages how many messages it answers
   */
  HttpAnswer(HttpResponse head, int messages) {
    withoutPermit = (long) SHORT * messages;
    HttpHeaders headers = head.headers();
    status = head.status().code();
    retryAfter = headers.get(HttpHeaderNames.RETRY_AFTER);
    limitsChannelOnly =
        CHANNEL_SCOPES.contains(headers.get(LIMIT_SCOPE, "").toLowerCase(Locale.ROOT))
            && !headers.contains(LIMIT_IS_GLOBAL, "true", true);
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    contentType = type == null ? "" : type;
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    declaresBody =
        status != NO_CONTENT && (length == null ? !contentType.isEmpty() : !length.equals("0"));
  }

  int status() {
    return status;
  }

  /** Whether it says that a limit of this message's channel is used up, and no other limit. */
  boolean limitsChannelOnly() {
    return limitsChannelOnly;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  Optional<String> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The content type of a body that is ignored because it is not JSON; empty if none is. */
  Optional<String> ignoredType() {
    return isJson() || !declaresBody ? Optional.empty() : Optional.of(contentType);
  }

  /** {@code application/json}, or any type with the suffix {@code +json} (RFC 6839). */
  private boolean isJson() {
    int parameters = contentType.indexOf(';');
    String essence =
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return essence.equals("application/json") || essence.endsWith("+json");
  }

  /**
   * Adds a piece of the body.
   *
   * @param longRead the permit that a long body needs if it is kept
   * @param goOn called when the permit is granted, unless it is granted at once
   * @return what to do with the rest of the body
   */
  Rest take(ByteBuf piece, LongRead longRead, Runnable goOn) {
    seen += piece.readableBytes();
    if (seen > LONGEST_BODY) {
      return Rest.LEAVE;
    }
    if (!isSuccess() || !isJson()) {
      return Rest.READ;
    }
    byte[] bytes = new byte[piece.readableBytes()];
    piece.readBytes(bytes);
    body.add(bytes);
    return seen <= withoutPermit || longRead.begin(goOn) ? Rest.READ : Rest.HOLD_BACK;
  }

  /** Whether the body was needed and is longer than {@link #LONGEST_BODY}. */
  boolean overflowed() {
    return seen > LONGEST_BODY && isSuccess() && isJson();
  }

  /** Whether the body is too long to be parsed on the client's loop. */
  boolean isLong() {
    return seen > SHORT;
  }

  AnswerBody body() {
    return body;
  }
}
