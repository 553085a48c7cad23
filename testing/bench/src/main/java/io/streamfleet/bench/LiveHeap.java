package io.streamfleet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of another process: runs a full collection and returns what is left. */
final class LiveHeap {

  /** The last line of the class histogram: {@code Total instances bytes}. */
  private static final Pattern TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

  private LiveHeap() {}

  /** In MiB. Stops the other process for some tens of milliseconds. */
  static double mebibytes(Child child) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(child.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher total = TOTAL.matcher(answer);
    if (!total.find()) {
      throw new IllegalStateException(
          "jcmd gave no heap; it said " + answer.lines().findFirst().orElse("nothing"));
    }
    return Long.parseLong(total.group(1)) / (1024.0 * 1024.0);
  }
}
