package io.streamfleet.console.change;

/** A change that cannot be made now. The message says why. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  public Refused(String message) {
    super(message);
  }
}
