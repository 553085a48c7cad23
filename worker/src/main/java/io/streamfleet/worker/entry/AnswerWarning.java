package io.streamfleet.worker.entry;

/** What makes an answer of a handler look as if it did not mean what came of it. */
public enum AnswerWarning {
  /** It has a key that means nothing here, such as {@code outbond}. */
  UNKNOWN_KEY("unknown_key"),
  /** It has a body, which is ignored, since its content type is not JSON. */
  NOT_JSON("not_json"),
  /** It emitted a message into a stream that no consumer group reads. */
  UNREAD_STREAM("unread_stream");

  private final String label;

  AnswerWarning(String label) {
    this.label = label;
  }

  /** The label {@code doubt} of {@code streamfleet_suspect_answers_total}. */
  public String label() {
    return label;
  }
}
