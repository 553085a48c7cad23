package io.streamfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code java -jar} does where {@code java} is too old, and where it is not. */
class OldJavaTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  private record Run(int status, String output) {}

  private static Run run(Path home, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }

  /** One of the machine, if it has any. */
  private static Optional<Path> oldJava() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(INSTALLED)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> feature(home) < 25)
          .findFirst();
    }
  }

  /** From the release file: 17 of {@code JAVA_VERSION="17.0.15"}. */
  private static int feature(Path home) {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    } catch (IOException e) {
      // Nothing is known of it.
      return Integer.MAX_VALUE;
    }
    return Integer.parseInt(release.getProperty("JAVA_VERSION").replaceAll("\"?(\\d+).*", "$1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "worker/target/streamfleet-worker.jar",
        "operator/target/streamfleet-operator.jar"
      })
  void oneThatIsTooOldSaysInOneLineWhichOneIsNeeded(String jar) throws Exception {
    Optional<Path> old = oldJava();
    assumeThat(old).as("a Java older than 25 in " + INSTALLED).isPresent();
    String path = ROOT.resolve(jar).toString();

    Run run = run(old.orElseThrow(), List.of("-jar", path, "--help"));

    assertThat(run.output().lines())
        .singleElement()
        .asString()
        .startsWith(path + " needs Java 25 or later; this is Java " + feature(old.orElseThrow()));
    assertThat(run.status()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "worker/target/streamfleet-worker.jar, usage: streamfleet-worker",
    "operator/target/streamfleet-operator.jar, 'the operator takes no argument, or selftest; found --help'"
  })
  void oneThatIsNewEnoughStartsTheProgram(String jar, String said) throws Exception {
    Run run =
        run(
            Path.of(System.getProperty("java.home")),
            List.of("-jar", ROOT.resolve(jar).toString(), "--help"));

    assertThat(run.output()).containsIgnoringCase(said);
  }
}
