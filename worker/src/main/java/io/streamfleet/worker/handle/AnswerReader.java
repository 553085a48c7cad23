package io.streamfleet.worker.handle;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer, and remembers how far it came: the status is known here even if the body never
 * ends. Written by the client's threads, read by the handler's.
 */
final class AnswerReader implements BodyHandler<AnswerBody> {

  /**
   * The longest body that is read. Room for a message with an inline attachment, which platforms
   * allow up to about this size; it bounds what a broken server can take from the heap.
   */
  static final int LONGEST_BODY = 8 * 1024 * 1024;

  private static final int NO_CONTENT = 204;

  private final LongRead longRead;
  private volatile @Nullable ResponseInfo head;
  private volatile @Nullable BoundedBody body;

  /**
   * @param longRead what it needs for a long answer
   */
  AnswerReader(LongRead longRead) {
    this.longRead = longRead;
  }

  @Override
  public BodySubscriber<AnswerBody> apply(ResponseInfo answer) {
    boolean wanted = isSuccess(answer.statusCode()) && isJson(answer.headers());
    BoundedBody subscriber =
        new BoundedBody(
            LONGEST_BODY, wanted ? BoundedBody.Use.KEEP : BoundedBody.Use.DROP, longRead);
    body = subscriber;
    head = answer;
    return subscriber;
  }

  /** Status and headers, once they are there. */
  Optional<ResponseInfo> head() {
    return Optional.ofNullable(head);
  }

  /** The content type of a body that is not read for it; empty where there is no body. */
  Optional<String> ignoredType() {
    ResponseInfo answer = head;
    if (answer == null || isJson(answer.headers())) {
      return Optional.empty();
    }
    String type = answer.headers().firstValue("content-type").orElse("");
    long length =
        answer.headers().firstValueAsLong("content-length").orElse(type.isEmpty() ? 0 : -1);
    return length == 0 || answer.statusCode() == NO_CONTENT ? Optional.empty() : Optional.of(type);
  }

  /** Whether the body was wanted and ended at {@link #LONGEST_BODY}. */
  boolean overflowed() {
    BoundedBody reading = body;
    return reading != null && reading.overflowed();
  }

  /** The exchange is over: what came of a body is not kept any longer. */
  void letGo() {
    BoundedBody reading = body;
    if (reading != null) {
      reading.letGo();
    }
  }

  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** {@code application/json}, or any type with the suffix {@code +json} (RFC 6839). */
  private static boolean isJson(HttpHeaders headers) {
    String type = headers.firstValue("content-type").orElse("");
    int parameters = type.indexOf(';');
    String essence =
        (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    return essence.equals("application/json") || essence.endsWith("+json");
  }
}
