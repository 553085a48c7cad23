package io.streamfleet.wire;

/**
 * An entry that cannot be decoded now or ever: it goes to the dead letters without another try.
 *
 * <p>The message names the byte and the problem, never content. There is no stack trace, so that a
 * stream full of garbage costs little more than a good one.
 */
public final class Undecodable extends Exception {

  private static final long serialVersionUID = 1;

  /** Why, in one word that fits a metric's label. */
  public enum Reason {
    /** The payload's bytes are broken, or not a map. */
    PAYLOAD("undecodable"),
    /** The entry has a schema version that this worker does not know. */
    SCHEMA("schema"),
    /** A text that becomes a name is too long for one. */
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
