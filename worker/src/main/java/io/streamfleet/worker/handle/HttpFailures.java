package io.streamfleet.worker.handle;

import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * Whose failure it is that an exchange did not end well: {@code docs/guarantees.md} has the table.
 *
 * @param clock what a date in {@code Retry-After} is compared with
 */
record HttpFailures(Endpoint endpoint, Clock clock) {

  /** What an endpoint, or a proxy before it, answers that can't work at the moment. */
  private static final Set<Integer> UNAVAILABLE = Set.of(429, 502, 503, 504);

  /** Whatever is not 2xx is thrown, as what it counts. */
  void refuseUnlessSuccess(int status, AnswerReader reader)
      throws PermanentFailure, TransientFailure, HandlerUnavailable {
    if (AnswerReader.isSuccess(status)) {
      return;
    }
    String what = endpoint + " answered " + status;
    Optional<Duration> wait =
        reader.head().map(ResponseInfo::headers).flatMap(it -> RetryAfter.of(it, clock));
    if (UNAVAILABLE.contains(status)) {
      throw wait.isPresent()
          ? new HandlerUnavailable(what, wait.get())
          : new HandlerUnavailable(what);
    }
    if (status == 408 || status == 425 || (status >= 500 && status < 600)) {
      throw wait.isPresent() ? new TransientFailure(what, wait.get()) : new TransientFailure(what);
    }
    throw new PermanentFailure(
        status >= 300 && status < 400 ? what + ": redirects are not followed" : what);
  }

  /** The answer did not end well. A status that refuses decides all the same. */
  private void refuseByHead(AnswerReader reader)
      throws PermanentFailure, TransientFailure, HandlerUnavailable {
    Optional<ResponseInfo> head = reader.head();
    if (head.isPresent()) {
      refuseUnlessSuccess(head.get().statusCode(), reader);
    }
  }

  /** The time is over, at whatever the exchange was. */
  TransientFailure timedOut(RequestBody body, AnswerReader reader, Duration timeout)
      throws PermanentFailure, TransientFailure, HandlerUnavailable {
    refuseByHead(reader);
    boolean answered = reader.head().isPresent();
    String what =
        endpoint
            + (answered ? " had not ended its answer" : " had not answered")
            + " after "
            + timeout.toMillis()
            + " ms";
    if (!answered && !body.isSent()) {
      throw new HandlerUnavailable(what);
    }
    return new TransientFailure(what);
  }

  /**
   * The failure in our words. Those of the client may quote what the server sent, hence neither its
   * text nor the exception itself is passed on; a TLS failure speaks of certificates only.
   */
  TransientFailure broken(Throwable failure, RequestBody body, AnswerReader reader)
      throws PermanentFailure, TransientFailure, HandlerUnavailable {
    refuseByHead(reader);
    if (reader.overflowed()) {
      throw new PermanentFailure(
          endpoint + ": the answer is longer than " + AnswerReader.LONGEST_BODY + " bytes");
    }
    return switch (failure) {
      case HttpConnectTimeoutException _ ->
          throw new HandlerUnavailable("no connection to " + endpoint + " in time");
      case ConnectException _ ->
          throw new HandlerUnavailable(
              "no connection to " + endpoint + ": refused or unknown host");
      case SSLException e when reader.head().isEmpty() ->
          throw new HandlerUnavailable("no TLS with " + endpoint + ": " + e.getMessage());
      case IOException e -> hungUp(e, body, reader);
      default -> new TransientFailure("the request to " + endpoint + " failed" + kind(failure));
    };
  }

  private TransientFailure hungUp(IOException failure, RequestBody body, AnswerReader reader)
      throws HandlerUnavailable {
    boolean answered = reader.head().isPresent();
    String what =
        "the connection to "
            + endpoint
            + " failed "
            + (answered ? "in mid-answer" : "before an answer")
            + kind(failure);
    if (answered || failure instanceof ProtocolException) {
      return new TransientFailure(what);
    }
    if (!body.isSent()) {
      throw new HandlerUnavailable(what);
    }
    return new ConnectionBroke(what);
  }

  private static String kind(Throwable failure) {
    return " (" + failure.getClass().getSimpleName() + ")";
  }
}
