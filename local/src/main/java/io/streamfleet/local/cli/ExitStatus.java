package io.streamfleet.local.cli;

import io.streamfleet.local.fleet.LocalFailure;

/** The exit statuses of the commands, the same for all; {@code docs/local.md} lists them. */
final class ExitStatus {

  static final int DONE = 0;

  /** Something failed while it ran. */
  static final int FAILED = 1;

  /** Bad usage or a bad manifest; nothing was started. */
  static final int INPUT = 2;

  /** A fleet runs already, or none does. */
  static final int FLEET = 3;

  /** The machine lacks something: a JDK, Maven, a port, space. */
  static final int MACHINE = 4;

  private ExitStatus() {}

  static int of(LocalFailure failure) {
    return switch (failure.kind()) {
      case INPUT -> INPUT;
      case MACHINE -> MACHINE;
    };
  }
}
