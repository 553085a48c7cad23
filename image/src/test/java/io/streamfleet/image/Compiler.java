package io.streamfleet.image;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;

/** The C compiler, without which no image is built; a machine of CI has one. */
final class Compiler {

  private Compiler() {}

  /** Skips the test where there is none. */
  static void assumeThere() throws InterruptedException {
    if (!Boolean.parseBoolean(System.getenv("CI"))) {
      assumeThat(isThere()).as("cc is on the PATH").isTrue();
    }
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("cc", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
