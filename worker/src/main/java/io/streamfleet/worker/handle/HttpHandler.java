package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.http.HttpClient;
import io.streamfleet.worker.http.HttpLoops;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Posts each message to an endpoint as a CloudEvent 1.0 in binary mode, over HTTP/1.1, and judges
 * the answer. {@code docs/handlers.md} is the contract.
 *
 * <p>How many exchanges there are at once, and what they keep in memory, is limited by the heap;
 * who comes later waits, and its timeout begins when its turn has come.
 */
public final class HttpHandler implements MessageHandler {

  private final HttpCall.Setting setting;
  private final HttpClient client;
  private volatile Duration timeout;

  /**
   * A handler with connections of its own.
   *
   * @param timeout for one exchange, from connecting to the last byte of the answer
   * @param consumer the consumer name of this worker, which is told with each message
   * @param memory what all HTTP handlers of the worker share
   * @param loops the threads that all of them share
   * @param clock what a date in {@code Retry-After} is compared with
   * @param doubts is told of answers that seem to mean something else than what came of them
   * @throws IllegalArgumentException when the timeout is not positive
   */
  HttpHandler(
      Endpoint endpoint,
      Duration timeout,
      String consumer,
      ExchangeMemory memory,
      HttpLoops loops,
      Clock clock,
      AnswerWarnings doubts) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("the timeout must be longer than zero, not " + timeout);
    }
    this.setting =
        new HttpCall.Setting(endpoint, consumer, new HttpFailures(endpoint, clock), doubts, memory);
    this.timeout = timeout;
    this.client = new HttpClient(loops, endpoint.server(), memory.exchanges());
  }

  /** The same, with a thread of its own. */
  public HttpHandler(
      Endpoint endpoint,
      Duration timeout,
      String consumer,
      ExchangeMemory memory,
      Clock clock,
      AnswerWarnings doubts) {
    this(endpoint, timeout, consumer, memory, new HttpLoops(1), clock, doubts);
  }

  /** Sets another timeout, for the exchanges that begin from now on. Safe for any thread. */
  void timeout(Duration next) {
    timeout = next;
  }

  @Override
  public String name() {
    return "http";
  }

  /** Scheme, host and port of where a handler posts to, if it is one of these. */
  public static Optional<String> origin(MessageHandler handler) {
    return handler instanceof HttpHandler it
        ? Optional.of(it.setting.endpoint().origin())
        : Optional.empty();
  }

  /**
   * A call that posts the message; it is not started yet.
   *
   * @param completion hears of what came of it
   */
  HttpCall call(Message message, HttpCall.Completion completion) {
    return new HttpCall(setting, message, timeout, completion);
  }

  /** Starts a call, and does not wait for its answer. */
  void start(HttpCall call) {
    client.start(call);
  }

  /** Runs something on one of the threads of the connections, after what that one is at. */
  void execute(Runnable task) {
    client.execute(task);
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
    Waiting waiting = new Waiting();
    HttpCall call = call(message, waiting);
    start(call);
    try {
      return waiting.answer.get();
    } catch (InterruptedException e) {
      call.cancel();
      throw e;
    } catch (ExecutionException e) {
      return rethrow(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  /** For who has a thread to wait with. */
  private static final class Waiting implements HttpCall.Completion {

    private final CompletableFuture<Handled> answer = new CompletableFuture<>();

    @Override
    public void handled(Handled handled) {
      answer.complete(handled);
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  private static Handled rethrow(Throwable failure)
      throws PermanentFailure, TransientFailure, HandlerUnavailable, InterruptedException {
    switch (failure) {
      case PermanentFailure it -> throw it;
      case TransientFailure it -> throw it;
      case HandlerUnavailable it -> throw it;
      case InterruptedException it -> throw it;
      case RuntimeException it -> throw it;
      case Error it -> throw it;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
