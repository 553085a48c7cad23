package io.streamfleet.worker.handle;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.http.Exchange;
import io.streamfleet.worker.http.Progress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of one message with an endpoint. Slow steps, such as writing megabytes of JSON, run
 * on a virtual thread instead of the client's loop.
 */
final class HttpCall extends Exchange {

  /** What all calls to an endpoint share. */
  record Setting(
      Endpoint endpoint,
      CloudEvent event,
      HttpFailures failures,
      AnswerWarnings doubts,
      ExchangeMemory memory) {}

  /** Gets the result of a call: exactly one of its methods is called, on any thread. */
  interface Completion {
    void handled(Handled handled);

    void failed(Throwable failure);
  }

  private final Setting setting;
  private final Message message;
  private final Duration timeout;
  private final Completion completion;
  private final LongRead longRead;
  private long begun;
  private @Nullable Thread preparing;
  private @Nullable RequestBody request;
  private @Nullable HttpAnswer answer;

  HttpCall(Setting setting, Message message, Duration timeout, Completion completion) {
    this.setting = setting;
    this.message = message;
    this.timeout = timeout;
    this.completion = completion;
    this.longRead = new LongRead(setting.memory().longAnswers());
  }

  // --- the request

  @Override
  protected void begin() {
    try {
      Optional<RequestBody> atOnce = RequestBody.atOnce(message.payload(), setting.memory());
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
      RequestBody body = RequestBody.of(message.payload(), setting.memory());
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
  protected void writeHead(ByteBuf out) {
    RequestHead head = new RequestHead();
    setting.event().describe(message, head);
    head.set("content-length", Integer.toString(body().length));
    head.writeTo(out);
  }

  @Override
  protected byte[] body() {
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
  protected long timeLeft(long now) {
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
  protected void answered(HttpResponse head) {
    answer = new HttpAnswer(head);
  }

  private HttpAnswer answer() {
    HttpAnswer there = answer;
    if (there == null) {
      throw new IllegalStateException("there is no answer yet");
    }
    return there;
  }

  @Override
  protected Rest content(ByteBuf piece) {
    return answer().take(piece, longRead, this::readOn);
  }

  @Override
  protected void ended() {
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
    Handled handled;
    try {
      handled = emitted(whole.body());
    } catch (PermanentFailure | RuntimeException | Error e) {
      fail(e);
      return;
    }
    if (longRead.has() && message instanceof Entry entry && !handled.outbound().isEmpty()) {
      // Its messages stay in memory until they are emitted.
      entry.letGoAtItsEnd(longRead::end);
    } else {
      longRead.end();
    }
    completion.handled(handled);
  }

  private Handled emitted(AnswerBody body) throws PermanentFailure {
    Endpoint endpoint = setting.endpoint();
    try {
      return body.isEmpty()
          ? Handled.nothing()
          : new Handled(
              EmittedMessages.read(body.read(), key -> setting.doubts().unknownKey(endpoint, key)));
    } catch (PermanentFailure e) {
      throw new PermanentFailure(endpoint + ": " + e.getMessage());
    }
  }

  private void fail(Throwable failure) {
    longRead.end();
    completion.failed(failure);
  }

  @Override
  protected void failed(Throwable cause, Progress progress) {
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
