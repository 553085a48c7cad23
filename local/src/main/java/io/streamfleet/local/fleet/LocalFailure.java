package io.streamfleet.local.fleet;

/** What was asked for cannot be done here; the message says why and what to do. */
public final class LocalFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Whose turn it is. */
  public enum Kind {
    /** A mistake in what was asked for, or in a manifest. */
    INPUT,
    /** This machine lacks something: a port, space, a Redis, what the build makes. */
    MACHINE
  }

  private LocalFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public static LocalFailure input(String message) {
    return new LocalFailure(Kind.INPUT, message);
  }

  public static LocalFailure machine(String message) {
    return new LocalFailure(Kind.MACHINE, message);
  }

  public Kind kind() {
    return kind;
  }
}
