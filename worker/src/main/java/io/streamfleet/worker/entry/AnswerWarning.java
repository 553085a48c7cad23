package io.streamfleet.worker.entry;

/** Why an answer of a handler looks like a mistake, though the message was handled. */
public enum AnswerWarning {
  /** It has an unknown key, which is ignored, such as {@code outbond}. */
  UNKNOWN_KEY("unknown_key"),
  /** It has a body, which is ignored, since its content type is not JSON. */
  NOT_JSON("not_json"),
  /** It has a result for an event that its batch did not have, which is ignored. */
  UNKNOWN_EVENT("unknown_event"),
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
