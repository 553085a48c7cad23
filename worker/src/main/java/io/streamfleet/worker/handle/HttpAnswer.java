package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.streamfleet.worker.http.Exchange.Rest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer as far as it came. Its body is kept up to a limit if it is wanted, in the pieces in
 * which it came. One that is not wanted is read too, since only a finished answer leaves its
 * connection to the next request.
 */
final class HttpAnswer {

  /**
   * The longest body that is read. Room for a message with an inline attachment, which platforms
   * allow up to about this size; it bounds what a broken server can take from the heap.
   */
  static final int LONGEST_BODY = 8 * 1024 * 1024;

  /**
   * So much of a body that is kept is read at once; longer ones are read a few at a time. Most have
   * some hundreds.
   */
  private static final int SHORT = 8 * 1024;

  private static final int NO_CONTENT = 204;

  private final int status;
  private final @Nullable String retryAfter;
  private final String contentType;
  private final boolean declaresBody;
  private final AnswerBody body = new AnswerBody();
  private long seen;

  HttpAnswer(HttpResponse head) {
    HttpHeaders headers = head.headers();
    status = head.status().code();
    retryAfter = headers.get(HttpHeaderNames.RETRY_AFTER);
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    contentType = type == null ? "" : type;
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    declaresBody =
        status != NO_CONTENT && (length == null ? !contentType.isEmpty() : !length.equals("0"));
  }

  int status() {
    return status;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  Optional<String> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The content type of a body that is not read for it; empty where there is no body. */
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
   * Takes a piece of the body.
   *
   * @param longRead what a body that is kept needs when it gets long
   * @param goOn runs when it has that, unless it has it now
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
    return seen <= SHORT || longRead.begin(goOn) ? Rest.READ : Rest.HOLD_BACK;
  }

  /** Whether the body was wanted and is longer than {@link #LONGEST_BODY}. */
  boolean overflowed() {
    return seen > LONGEST_BODY && isSuccess() && isJson();
  }

  /** Whether it takes more than a moment to take the body apart. */
  boolean isLong() {
    return seen > SHORT;
  }

  AnswerBody body() {
    return body;
  }
}
