package io.streamfleet.local.fleet;

/** A request can't be carried out on this machine; the message says why and what to do. */
public final class LocalFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What has to change. */
  public enum Kind {
    /** The request or a manifest is invalid. */
    INPUT,
    /** The machine lacks something: a port, space, a Redis, the build's output. */
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
