package io.streamfleet.torture.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals by a shell. */
final class Signals {

  private Signals() {}

  /**
   * Sends a signal.
   *
   * @param signal such as {@code STOP}
   * @return whether the process existed; false also when interrupted
   * @throws UncheckedIOException if there is no shell
   */
  static boolean send(String signal, long pid) {
    try {
      return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send " + signal + " to process " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
