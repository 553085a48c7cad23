package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.MachineFault;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts each message to an endpoint as a CloudEvent 1.0 in binary mode, over HTTP/1.1, and judges
 * the answer. {@code docs/handlers.md} is the contract.
 *
 * <p>A request is sent once. The JDK's client tries only a connection that was never made a second
 * time, unless the JVM runs with {@code -Djdk.httpclient.enableAllMethodRetry}, which would deliver
 * twice unseen: leave it off. Idle connections that the server closed are dropped from the pool as
 * soon as the close arrives; one that closes just as a request leaves is a {@link ConnectionBroke}
 * like any other, since nobody knows whether the server took the request.
 *
 * <p>How many exchanges there are at once, and what they keep in memory, is limited by the heap;
 * who comes later waits, and its timeout begins when its turn has come.
 */
public final class HttpHandler implements MessageHandler {

  /**
   * How long connecting may take, within the whole timeout. Lost packets are sent again after 1, 3
   * and 7 seconds: who has not answered by then is away, and a long handling timeout is no reason
   * to hold a channel up for it.
   */
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final String consumer;
  private final HttpFailures failures;
  private final AnswerWarnings doubts;
  private final ExchangeMemory memory;
  private final Semaphore exchanges;
  private final ExecutorService threads;
  private volatile Exchanges current;

  /** What an exchange has from its beginning to its end. */
  private record Exchanges(HttpClient client, Duration timeout) {}

  /**
   * A handler with connections of its own.
   *
   * @param timeout for one exchange, from connecting to the last byte of the answer
   * @param consumer the consumer name of this worker, which is told with each message
   * @param memory what all HTTP handlers of the worker share
   * @param clock what a date in {@code Retry-After} is compared with
   * @param doubts is told of answers that seem to mean something else than what came of them
   * @throws IllegalArgumentException when the timeout is not positive
   */
  public HttpHandler(
      Endpoint endpoint,
      Duration timeout,
      String consumer,
      ExchangeMemory memory,
      Clock clock,
      AnswerWarnings doubts) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("the timeout must be longer than zero, not " + timeout);
    }
    this.endpoint = endpoint;
    this.consumer = consumer;
    this.memory = memory;
    this.exchanges = new Semaphore(memory.exchanges(), true);
    this.failures = new HttpFailures(endpoint, clock);
    this.doubts = doubts;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    this.current = new Exchanges(client(timeout), timeout);
  }

  private HttpClient client(Duration timeout) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(connectWithin(timeout))
        .executor(threads)
        .build();
  }

  private static Duration connectWithin(Duration timeout) {
    return timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT;
  }

  /** Sets another timeout, for the exchanges that begin from now on. Safe for any thread. */
  void timeout(Duration next) {
    Exchanges before = current;
    if (next.equals(before.timeout())) {
      return;
    }
    boolean connectsAlike = connectWithin(next).equals(connectWithin(before.timeout()));
    // A client that is left goes by itself once what it has under way has ended.
    current = new Exchanges(connectsAlike ? before.client() : client(next), next);
  }

  @Override
  public String name() {
    return "http";
  }

  /** Scheme, host and port of where a handler posts to, if it is one of these. */
  public static Optional<String> origin(MessageHandler handler) {
    return handler instanceof HttpHandler it ? Optional.of(it.endpoint.origin()) : Optional.empty();
  }

  /**
   * Posts the message and waits for the whole answer.
   *
   * @throws PermanentFailure for a status that is not worth another try, or an answer that cannot
   *     be used
   * @throws HandlerUnavailable when the endpoint can't be reached, or answers 429, 502, 503 or 504
   * @throws TransientFailure for 408, 425, any other 5xx, a timeout, or an answer that broke off
   * @throws InterruptedException when interrupted: the connection is closed
   */
  @Override
  public Handled handle(Message message)
      throws PermanentFailure, TransientFailure, HandlerUnavailable, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the request was sent");
    }
    exchanges.acquire();
    try (RequestBody body = RequestBody.of(message.payload(), memory)) {
      return exchange(message, body);
    } finally {
      exchanges.release();
    }
  }

  private Handled exchange(Message message, RequestBody body)
      throws PermanentFailure, TransientFailure, HandlerUnavailable, InterruptedException {
    LongRead longRead = new LongRead(memory.longAnswers());
    boolean isOver = true;
    try {
      Handled handled = exchange(message, body, longRead);
      if (longRead.has() && message instanceof Entry entry && !handled.outbound().isEmpty()) {
        // Its messages are in memory until they are emitted.
        entry.letGoAtItsEnd(longRead::end);
        isOver = false;
      }
      return handled;
    } finally {
      if (isOver) {
        longRead.end();
      }
    }
  }

  private Handled exchange(Message message, RequestBody body, LongRead longRead)
      throws PermanentFailure, TransientFailure, HandlerUnavailable, InterruptedException {
    Exchanges now = current;
    AnswerReader reader = new AnswerReader(longRead);
    CompletableFuture<HttpResponse<AnswerBody>> exchange =
        now.client().sendAsync(requestFor(message, body), reader);
    try {
      HttpResponse<AnswerBody> answer = await(exchange, longRead, now.timeout());
      failures.refuseUnlessSuccess(answer.statusCode(), reader);
      reader.ignoredType().ifPresent(type -> doubts.notJson(endpoint, type));
      return emitted(answer.body());
    } catch (TimeoutException e) {
      throw failures.timedOut(body, reader, now.timeout());
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      Optional<MachineFault> fault = MachineFaults.in(cause);
      if (fault.isPresent()) {
        throw new MachineFaults.Hindrance(fault.get(), "the request to " + endpoint + " failed");
      }
      throw failures.broken(cause, body, reader);
    } finally {
      // Closes the connection of an exchange that is not over; nothing else does.
      exchange.cancel(true);
      reader.letGo();
    }
  }

  /**
   * The wait is what bounds the exchange: a request's own timeout ends with the headers. A long
   * answer that waits for its turn to be read has the whole time again from then on.
   */
  private HttpResponse<AnswerBody> await(
      CompletableFuture<HttpResponse<AnswerBody>> exchange, LongRead longRead, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    long left = timeout.toNanos();
    while (true) {
      try {
        return exchange.get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        left =
            longRead.waits()
                ? timeout.toNanos()
                : longRead.has() ? longRead.since() + timeout.toNanos() - System.nanoTime() : 0;
        if (left <= 0) {
          throw e;
        }
      }
    }
  }

  private HttpRequest requestFor(Message message, RequestBody body) {
    HttpRequest.Builder request = endpoint.request();
    CloudEvent.describe(message, consumer, request);
    return request.setHeader("content-type", "application/json").POST(body).build();
  }

  private Handled emitted(AnswerBody body) throws PermanentFailure {
    try {
      return body.isEmpty()
          ? Handled.nothing()
          : new Handled(EmittedMessages.read(body.read(), key -> doubts.unknownKey(endpoint, key)));
    } catch (PermanentFailure e) {
      throw new PermanentFailure(endpoint + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    current.client().shutdownNow();
    threads.shutdown();
  }
}
