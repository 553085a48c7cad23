package io.streamfleet.wire;

/**
 * An entry can never be decoded: it becomes a dead letter without a retry.
 *
 * <p>The message contains the offset and the problem, never content. There is no stack trace, so
 * that a stream full of garbage costs little more than a good one.
 */
public final class Undecodable extends Exception {

  private static final long serialVersionUID = 1;

  /** The reason in one word, as the label of a metric. */
  public enum Reason {
    /** The payload's bytes are malformed, or not a map. */
    PAYLOAD("undecodable"),
    /** The entry has an unknown schema version. */
    SCHEMA("schema"),
    /** A text that is used as a name is too long. */
    TOO_LARGE("too_large");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  private final Reason reason;

  private Undecodable(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  static Undecodable payload(long offset, String problem) {
    return new Undecodable(Reason.PAYLOAD, "payload, byte " + offset + ": " + problem);
  }

  /** The entry has no field {@code data}, or an empty one. */
  public static Undecodable noPayload() {
    return new Undecodable(Reason.PAYLOAD, "the entry has no payload in its field data");
  }

  static Undecodable tooLarge(String message) {
    return new Undecodable(Reason.TOO_LARGE, message);
  }

  static Undecodable schema(String message) {
    return new Undecodable(Reason.SCHEMA, message);
  }

  public Reason reason() {
    return reason;
  }
}
