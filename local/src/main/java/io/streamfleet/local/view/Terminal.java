package io.streamfleet.local.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.Optional;

/** The terminal of this process. */
public final class Terminal {

  private Terminal() {}

  /** Its size, if known, from {@code stty}, which every system has. */
  public static Optional<LiveScreen.Size> size() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return parsed(new String(stty.getInputStream().readAllBytes(), US_ASCII));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<LiveScreen.Size> parsed(String answer) {
    String[] numbers = answer.strip().split(" ", -1);
    if (numbers.length != 2 || !(numbers[0] + numbers[1]).matches("\\d{2,8}")) {
      return Optional.empty();
    }
    int rows = Integer.parseInt(numbers[0]);
    int columns = Integer.parseInt(numbers[1]);
    // A terminal without a window reports 0 0.
    return rows == 0 || columns == 0
        ? Optional.empty()
        : Optional.of(new LiveScreen.Size(rows, columns));
  }
}
