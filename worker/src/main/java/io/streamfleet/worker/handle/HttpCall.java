package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.worker.http.Exchange;
import io.streamfleet.worker.http.Progress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with an endpoint, of one message or of a batch. Slow steps, such as writing megabytes
 * of JSON, run on a virtual thread instead of the client's loop.
 */
abstract class HttpCall extends Exchange {

  /** What all calls to an endpoint share. */
  record Setting(
      Endpoint endpoint,
      CloudEvent event,
      HttpFailures failures,
      AnswerWarnings doubts,
      ExchangeMemory memory) {}

  private final Setting setting;
  private final int messages;
  private final Duration timeout;
  private final LongRead longRead;
  private long begun;
  private @Nullable Thread preparing;
  private @Nullable RequestBody request;
  private @Nullable HttpAnswer answer;

  /**
   * @param messages how many messages the request has
   */
  HttpCall(Setting setting, int messages, Duration timeout) {
    this.setting = setting;
    this.messages = messages;
    this.timeout = timeout;
    this.longRead = new LongRead(setting.memory().longAnswers());
  }

  final Setting setting() {
    return setting;
  }

  /** The body of the request, if it is short and memory is free; else empty. */
  abstract Optional<RequestBody> bodyAtOnce();

  /**
   * Waits for memory and writes the body; on a thread of its own.
   *
   * @throws PermanentFailure if it is longer than the memory for all requests
   */
  abstract RequestBody bodyInTime() throws PermanentFailure, InterruptedException;

  /** Writes the head, but for the length of the body. */
  abstract void describe(RequestHead head);

  /**
   * Reads a successful answer and passes on its results, on any thread.
   *
   * @param memory to be ended when what was read is out of memory
   * @throws PermanentFailure if the answer cannot be used
   */
  abstract void read(AnswerBody body, LongRead memory) throws PermanentFailure;

  /** There is no answer that can be used; called instead of a result, on any thread. */
  abstract void failed(Throwable failure);

  // --- the request

  @Override
  protected final void begin() {
    try {
      Optional<RequestBody> atOnce = bodyAtOnce();
      if (atOnce.isPresent()) {
        send(atOnce.get());
      } else {
        preparing = Thread.startVirtualThread(this::prepare);
      }
    } catch (RuntimeException | Error e) {
      refuse(e);
    }
  }

  private void prepare() {
    try {
      RequestBody body = bodyInTime();
      onLoop(
          () -> {
            preparing = null;
            if (isOver()) {
              body.close();
            } else {
              send(body);
            }
          });
    } catch (InterruptedException e) {
      // Cancelled; the failure was reported already.
    } catch (PermanentFailure | RuntimeException | Error e) {
      onLoop(() -> refuse(e));
    }
  }

  private void send(RequestBody body) {
    request = body;
    begun = System.nanoTime();
    send();
  }

  private void refuse(Throwable failure) {
    if (!isOver()) {
      giveUp();
      over();
      fail(failure);
    }
  }

  @Override
  protected final void writeHead(ByteBuf out) {
    RequestHead head = new RequestHead();
    describe(head);
    head.set("content-length", Integer.toString(body().length));
    head.writeTo(out);
  }

  @Override
  protected final byte[] body() {
    RequestBody body = request;
    if (body == null) {
      throw new IllegalStateException("the request is not ready");
    }
    return body.json();
  }

  /**
   * While a long answer waits for its permit the time-out does not run; it starts again in full
   * when the permit is granted.
   */
  @Override
  protected final long timeLeft(long now) {
    long left = begun + timeout.toNanos() - now;
    if (left > 0) {
      return left;
    }
    if (longRead.waits()) {
      return timeout.toNanos();
    }
    return longRead.has() ? longRead.since() + timeout.toNanos() - now : left;
  }

  // --- the answer

  @Override
  protected final void answered(HttpResponse head) {
    answer = new HttpAnswer(head, messages);
  }

  private HttpAnswer answer() {
    HttpAnswer there = answer;
    if (there == null) {
      throw new IllegalStateException("there is no answer yet");
    }
    return there;
  }

  @Override
  protected final Rest content(ByteBuf piece) {
    return answer().take(piece, longRead, this::readOn);
  }

  @Override
  protected final void ended() {
    over();
    HttpAnswer whole = answer();
    Optional<Exception> refused = setting.failures().of(whole);
    if (refused.isPresent()) {
      fail(refused.get());
    } else if (whole.overflowed()) {
      fail(
          new PermanentFailure(
              setting.endpoint()
                  + ": the answer is longer than "
                  + HttpAnswer.LONGEST_BODY
                  + " bytes"));
    } else {
      whole.ignoredType().ifPresent(type -> setting.doubts().notJson(setting.endpoint(), type));
      if (whole.isLong()) {
        Thread.startVirtualThread(() -> handled(whole));
      } else {
        handled(whole);
      }
    }
  }

  private void handled(HttpAnswer whole) {
    try {
      read(whole.body(), longRead);
    } catch (PermanentFailure e) {
      fail(new PermanentFailure(setting.endpoint() + ": " + e.getMessage()));
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    longRead.end();
    failed(failure);
  }

  @Override
  protected final void failed(Throwable cause, Progress progress) {
    over();
    fail(
        cause instanceof Cancelled
            ? new InterruptedException("interrupted during the request")
            : setting.failures().of(cause, progress, answer, timeout));
  }

  /** Releases the request: nothing more is sent. */
  private void over() {
    Thread there = preparing;
    if (there != null) {
      there.interrupt();
    }
    RequestBody body = request;
    if (body != null) {
      request = null;
      body.close();
    }
  }
}
