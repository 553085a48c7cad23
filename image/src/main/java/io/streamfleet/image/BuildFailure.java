package io.streamfleet.image;

/** An image can't be built on this machine. The message says why, and what to do. */
public final class BuildFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  BuildFailure(String message) {
    super(message);
  }
}
