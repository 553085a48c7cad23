package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.Optional;

/** The exchange of one message, in binary mode. */
final class MessageCall extends HttpCall {

  /** Gets the result of a call: exactly one of its methods is called, on any thread. */
  interface Completion {
    void handled(Handled handled);

    void failed(Throwable failure);
  }

  private final Message message;
  private final Completion completion;

  MessageCall(Setting setting, Message message, Duration timeout, Completion completion) {
    super(setting, 1, timeout);
    this.message = message;
    this.completion = completion;
  }

  @Override
  Optional<RequestBody> bodyAtOnce() {
    return RequestBody.atOnce(message.payload(), setting().memory());
  }

  @Override
  RequestBody bodyInTime() throws PermanentFailure, InterruptedException {
    return RequestBody.of(message.payload(), setting().memory());
  }

  @Override
  void describe(RequestHead head) {
    setting().event().describe(message, head);
  }

  @Override
  void read(AnswerBody body, LongRead memory) throws PermanentFailure {
    Handled handled = emitted(body);
    if (memory.has() && message instanceof Entry entry && !handled.outbound().isEmpty()) {
      // Its messages stay in memory until they are emitted.
      entry.letGoAtItsEnd(memory::end);
    } else {
      memory.end();
    }
    completion.handled(handled);
  }

  private Handled emitted(AnswerBody body) throws PermanentFailure {
    return body.isEmpty()
        ? Handled.nothing()
        : new Handled(
            EmittedMessages.read(
                body.read(), key -> setting().doubts().unknownKey(setting().endpoint(), key)));
  }

  @Override
  void failed(Throwable failure) {
    completion.failed(failure);
  }
}
