package io.streamfleet.worker.handle;

import io.streamfleet.api.BatchSpec;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.http.HttpClient;
import io.streamfleet.worker.http.HttpLoops;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages to an endpoint as CloudEvents 1.0 over HTTP/1.1, each in binary mode or several in
 * batched mode, and interprets the answers. {@code docs/handlers.md} is the contract.
 *
 * <p>The number of concurrent exchanges, and the memory that they use, depend on the size of the
 * heap. Further exchanges wait; the time-out of an exchange starts when it is sent.
 */
public final class HttpHandler implements MessageHandler {

  private final HttpCall.Setting setting;
  private final HttpClient client;
  private final @Nullable BatchSpec batch;
  private volatile Duration timeout;

  /**
   * A handler with connections of its own.
   *
   * @param batch how messages are gathered into batches; null if each has a request of its own
   * @param timeout of one exchange, from connecting to the last byte of the answer
   * @param consumer the consumer name of this worker, sent with each message
   * @param memory shared by all HTTP handlers of the worker
   * @param loops the threads, shared by all HTTP handlers of the worker
   * @param clock compared with a date in {@code Retry-After}
   * @param doubts notified of answers that look like a mistake
   * @throws IllegalArgumentException if the time-out is not positive
   */
  HttpHandler(
      Endpoint endpoint,
      @Nullable BatchSpec batch,
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
        new HttpCall.Setting(
            endpoint,
            new CloudEvent(endpoint.start(), consumer),
            new HttpFailures(endpoint, clock),
            doubts,
            memory);
    this.batch = batch;
    this.timeout = timeout;
    this.client = new HttpClient(loops, endpoint.server(), memory.exchanges());
  }

  /** A handler with a thread of its own. */
  public HttpHandler(
      Endpoint endpoint,
      Duration timeout,
      String consumer,
      ExchangeMemory memory,
      Clock clock,
      AnswerWarnings doubts) {
    this(endpoint, null, timeout, consumer, memory, new HttpLoops(1), clock, doubts);
  }

  /** Sets the time-out of exchanges that start from now on. Thread-safe. */
  void timeout(Duration next) {
    timeout = next;
  }

  @Override
  public String name() {
    return "http";
  }

  /** Scheme, host and port of the endpoint of a handler, if it is an HTTP handler. */
  public static Optional<String> origin(MessageHandler handler) {
    return handler instanceof HttpHandler it
        ? Optional.of(it.setting.endpoint().origin())
        : Optional.empty();
  }

  /**
   * Creates a call that posts the message, without starting it.
   *
   * @param completion gets the result
   */
  HttpCall call(Message message, MessageCall.Completion completion) {
    return new MessageCall(setting, message, timeout, completion);
  }

  /** How messages are gathered into batches; empty if each has a request of its own. */
  Optional<BatchSpec> batch() {
    return Optional.ofNullable(batch);
  }

  /**
   * Creates a call that posts a batch, without starting it.
   *
   * @param entries at least one
   * @param completion gets the results
   */
  HttpCall call(List<Entry> entries, BatchCall.Completion completion) {
    return new BatchCall(setting, entries, timeout, completion);
  }

  /** Starts a call without waiting for its answer. */
  void start(HttpCall call) {
    client.start(call);
  }

  /** Runs a task on one of the client's threads, always the same, after its current task. */
  void execute(Runnable task) {
    client.execute(task);
  }

  /** Runs a task on that thread after a time. */
  void schedule(Runnable task, long nanos) {
    client.schedule(task, nanos);
  }

  /**
   * Posts the message and waits for the whole answer.
   *
   * @throws PermanentFailure for any other status that is not 2xx, or an answer that cannot be used
   * @throws HandlerUnavailable if the endpoint can't be reached, or answers 429, 502, 503 or 504
   * @throws TransientFailure for 408, 425, any other 5xx, a time-out, or an incomplete answer
   * @throws InterruptedException if interrupted; the connection is closed
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

  /** Passes the result to a thread that waits. */
  private static final class Waiting implements MessageCall.Completion {

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
