package io.streamfleet.wire;

/** A payload that no worker could read, and that is therefore not written. */
public final class Unwritable extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /**
   * @param message what is wrong and what to do, without content of the payload
   */
  public Unwritable(String message) {
    super(message);
  }
}
