package io.streamfleet.worker.handle;

import io.netty.channel.ChannelException;
import io.netty.handler.ssl.NotSslRecordException;
import io.streamfleet.handler.ChannelLimited;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.http.Exchange.NotHttp;
import io.streamfleet.worker.http.Exchange.TimedOut;
import io.streamfleet.worker.http.Progress;
import io.streamfleet.worker.http.ServerAddress;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failed exchanges: as failures of the endpoint or of the message. {@code
 * docs/guarantees.md} has the table.
 *
 * @param clock compared with a date in {@code Retry-After}
 */
record HttpFailures(Endpoint endpoint, Clock clock) {

  private static final int TOO_MANY_REQUESTS = 429;

  /** The statuses by which an endpoint, or a proxy before it, says that it is unavailable. */
  private static final Set<Integer> UNAVAILABLE = Set.of(429, 502, 503, 504);

  /** The failure of a status; empty for 2xx. */
  Optional<Exception> of(HttpAnswer answer) {
    return answer.isSuccess()
        ? Optional.empty()
        : of(
            answer.status(),
            RetryAfter.of(answer.retryAfter(), clock),
            answer.limitsChannelOnly(),
            endpoint + " answered " + answer.status());
  }

  /**
   * The failure of a status that is not 2xx.
   *
   * @param wait how long to wait, if the answer says so
   * @param limitsChannelOnly whether a 429 is about the message's channel only
   * @param what what happened, in one line
   */
  Optional<Exception> of(
      int status, Optional<Duration> wait, boolean limitsChannelOnly, String what) {
    if (status == TOO_MANY_REQUESTS && limitsChannelOnly) {
      return Optional.of(new ChannelLimited(what, wait.orElse(Duration.ZERO)));
    }
    if (UNAVAILABLE.contains(status)) {
      return Optional.of(
          wait.isPresent()
              ? new HandlerUnavailable(what, wait.get())
              : new HandlerUnavailable(what));
    }
    if (status == 408 || status == 425 || (status >= 500 && status < 600)) {
      return Optional.of(
          wait.isPresent() ? new TransientFailure(what, wait.get()) : new TransientFailure(what));
    }
    return Optional.of(
        new PermanentFailure(
            status >= 300 && status < 400 ? what + ": redirects are not followed" : what));
  }

  /**
   * The failure of an exchange without a complete answer. If a status that is not 2xx had arrived,
   * the status decides.
   *
   * <p>Messages of the client's exceptions may quote what the server sent. So neither they nor the
   * exceptions are passed on, except for TLS failures, which only describe certificates.
   *
   * @param timeout the time-out of the exchange
   */
  Exception of(
      Throwable failure, Progress progress, @Nullable HttpAnswer answer, Duration timeout) {
    Optional<Exception> refused = answer == null ? Optional.empty() : of(answer);
    if (refused.isPresent()) {
      return refused.get();
    }
    Optional<MachineFaults.Hindrance> hindrance =
        MachineFaults.in(failure)
            .map(it -> new MachineFaults.Hindrance(it, "the request to " + endpoint + " failed"));
    if (hindrance.isPresent()) {
      return hindrance.get();
    }
    if (failure instanceof TimedOut) {
      return timedOut(progress, timeout);
    }
    return switch (progress) {
      case CONNECTING -> unconnected(failure);
      case SENDING, SENT -> unanswered(failure, progress);
      case ANSWERED -> new TransientFailure(broke("during the answer", failure));
    };
  }

  private Exception timedOut(Progress progress, Duration timeout) {
    String after = " after " + timeout.toMillis() + " ms";
    return switch (progress) {
      case CONNECTING -> new HandlerUnavailable("no connection to " + endpoint + " in time");
      case SENDING -> new HandlerUnavailable(endpoint + " had not answered" + after);
      case SENT -> new TransientFailure(endpoint + " had not answered" + after);
      case ANSWERED -> new TransientFailure(endpoint + " had not ended its answer" + after);
    };
  }

  private Exception unconnected(Throwable failure) {
    return switch (failure) {
      case IOException _, ChannelException _, UnresolvedAddressException _ ->
          new HandlerUnavailable("no connection to " + endpoint + why());
      // A bug in the worker, which must not look like an unavailable endpoint.
      default -> new TransientFailure("the request to " + endpoint + " failed" + kind(failure));
    };
  }

  private String why() {
    return switch (endpoint.server()) {
      case ServerAddress.Port _ -> ": refused or unknown host";
      case ServerAddress.UnixSocket _ -> ": nobody listens";
    };
  }

  private Exception unanswered(Throwable failure, Progress progress) {
    if (failure instanceof SSLException) {
      return new HandlerUnavailable("no TLS with " + endpoint + tls(failure));
    }
    String what = broke("before an answer", failure);
    if (failure instanceof NotHttp) {
      return new TransientFailure(what);
    }
    return progress == Progress.SENT ? new ConnectionBroke(what) : new HandlerUnavailable(what);
  }

  /** The message of this exception quotes what the server sent, so it is left out. */
  private static String tls(Throwable failure) {
    return failure instanceof NotSslRecordException
        ? ": what it sent is not TLS"
        : ": " + failure.getMessage();
  }

  private String broke(String when, Throwable failure) {
    return "the connection to " + endpoint + " failed " + when + kind(failure);
  }

  private static String kind(Throwable failure) {
    return " (" + failure.getClass().getSimpleName() + ")";
  }
}
