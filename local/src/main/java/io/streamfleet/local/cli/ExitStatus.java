package io.streamfleet.local.cli;

import io.streamfleet.local.fleet.LocalFailure;

/** The exit statuses of all commands; {@code docs/local.md} lists them. */
final class ExitStatus {

  static final int DONE = 0;

  /** Something failed while it was running. */
  static final int FAILED = 1;

  /** Bad usage or an invalid manifest; nothing was started. */
  static final int INPUT = 2;

  /** A fleet is running already, or none is. */
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
