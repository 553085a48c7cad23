package io.streamfleet.worker.handle;

import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.worker.entry.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The exchange of a batch of messages, of one at least, in batched mode. */
final class BatchCall extends HttpCall {

  /** Gets the results of a call: exactly one of its methods is called, on any thread. */
  interface Completion {

    /**
     * The endpoint has answered.
     *
     * @param results of each message, in their order
     * @param memory to be ended when the results are out of memory
     */
    void answered(List<BatchAnswer.Result> results, LongRead memory);

    /** There is no answer that can be used for any message. */
    void failed(Throwable failure);
  }

  private final List<Entry> entries;
  private final BatchBody body;
  private final Completion completion;

  BatchCall(Setting setting, List<Entry> entries, Duration timeout, Completion completion) {
    super(setting, entries.size(), timeout);
    this.entries = entries;
    this.body = new BatchBody(setting.event(), entries);
    this.completion = completion;
  }

  @Override
  Optional<RequestBody> bodyAtOnce() {
    long guess = body.guess();
    return guess > BatchBody.MOST_BYTES
        ? Optional.empty()
        : RequestBody.atOnce(guess, body::write, setting().memory());
  }

  @Override
  RequestBody bodyInTime() throws PermanentFailure, InterruptedException {
    return RequestBody.of(body.most(), body::write, setting().memory());
  }

  @Override
  void describe(RequestHead head) {
    setting().event().describeBatch(head);
  }

  @Override
  void read(AnswerBody answer, LongRead memory) throws PermanentFailure {
    completion.answered(
        new BatchAnswer(setting().endpoint(), setting().failures(), setting().doubts())
            .read(answer, entries),
        memory);
  }

  @Override
  void failed(Throwable failure) {
    completion.failed(failure);
  }
}
