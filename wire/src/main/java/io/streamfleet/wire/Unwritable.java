package io.streamfleet.wire;

/** A payload that no worker could read back, so that none is to write it. */
public final class Unwritable extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /**
   * @param message what is wrong and what to do, without anything of the payload
   */
  public Unwritable(String message) {
    super(message);
  }
}
