package io.streamfleet.torture.field;

import java.io.IOException;

/** What only a shell can send. */
final class Signals {

  private Signals() {}

  /**
   * Sends a signal.
   *
   * @param signal such as {@code STOP}
   * @return whether the process was there to get it
   */
  static boolean send(String signal, long pid) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
