package io.streamfleet.helm.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/** {@code prometheus} and {@code promtool} of the PATH. */
final class PrometheusTools {

  private PrometheusTools() {}

  /** How one of their calls ended, and what it printed. */
  record Ended(int status, String said) {}

  /**
   * Where one of them is.
   *
   * @throws TestAbortedException where there is none; but with {@code CI=true} that is a failure
   */
  static Path require(String program) {
    Optional<Path> found =
        Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    String missing =
        "there is no %s on the PATH; Debian's package prometheus has it, and .ci/run fetches that"
            .formatted(program);
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(missing);
    }
    System.err.println("skipped a test of rules and dashboards: " + missing);
    throw new TestAbortedException(missing);
  }

  static Ended promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(require("promtool").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), said);
  }
}
