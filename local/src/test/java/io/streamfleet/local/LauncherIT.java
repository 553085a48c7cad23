package io.streamfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a newcomer types, through the script {@code ./streamfleet} and the jars as they were built.
 * Runs after they have been: in the phase {@code integration-test}.
 */
class LauncherIT {

  private static final Path ROOT =
      Path.of(System.getProperty("repository.root", "..")).toAbsolutePath().normalize();

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path state;
  private final List<Process> started = new ArrayList<>();

  /** Maven has just seen to it that all is built; a jar that needed no change has an older date. */
  @BeforeAll
  static void allIsBuilt() throws IOException {
    Path stamp = ROOT.resolve("local/target/.built");
    if (!Files.exists(stamp)) {
      Files.createFile(stamp);
    }
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));
  }

  @AfterEach
  void nothingGoesOn() throws Exception {
    for (Process process : started) {
      if (process.isAlive()) {
        run("down");
        process.destroyForcibly().waitFor();
      }
    }
  }

  /** What a command printed, and how it ended. */
  private record Run(int status, String output) {}

  private Process start(Path output, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of("sh", ROOT.resolve("streamfleet").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("STREAMFLEET_STATE", state.resolve("fleet").toString());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Run run(String... arguments) throws Exception {
    Path output = Files.createTempFile(state, "run", ".txt");
    Process process = start(output, arguments);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(output, UTF_8));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("fleet"))) {
      return files.map(Path::getFileName).sorted().toList();
    }
  }

  @Test
  void aNewcomerSeesEntriesHandledAndLeavesNothing() throws Exception {
    Path screen = state.resolve("up.txt");
    Process up = start(screen, "up");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(screen).matches("(?s).*up: [1-9][0-9.]* entries a second.*"));
    assertThat(Files.readString(screen))
        .contains("up: embedded: ", "in memory", "up: real: the operator and the workers")
        .contains("a Kubernetes cluster, with your own Redis")
        .contains("quickstart: workers 1/1, ready");

    Run status = run("status");
    assertThat(status.output())
        .containsPattern("quickstart +True +1/1")
        .containsPattern("sg:stream:inbound +\\d+ +\\d+ +\\d+ +[1-9][0-9.]*/s +sg:workers")
        .containsPattern("quickstart-worker-\\S+ +yes +Running +0");
    assertThat(status.status()).isZero();
    assertThat(run("logs", "quickstart-worker", "--tail", "1").output()).contains("level=info");
    assertThat(run("publish", "--count", "3").output()).contains("published 3 messages");
    assertThat(run("dlq", "list").status()).isZero();
    Run second = run("up");
    assertThat(second.output()).contains("a fleet is running already", "./streamfleet down");
    assertThat(second.status()).isEqualTo(3);

    assertThat(run("down").status()).isZero();
    assertThat(up.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isZero();
    assertThat(Files.readString(screen)).contains("all settled, everything has ended");
    assertThat(left()).extracting(Path::toString).containsExactly("lock", "logs", "tmp");
    assertThat(state.resolve("fleet/tmp")).isEmptyDirectory();
    assertThat(run("status").status()).isEqualTo(3);
  }

  @Test
  void whatAKilledFleetLeavesIsEndedByItsGuardAndCleanedUp() throws Exception {
    Path screen = state.resolve("up.txt");
    Process up = start(screen, "up", "--no-traffic");
    await().atMost(PATIENCE).until(() -> Files.readString(screen).contains("1/1, ready"));
    Path processes = state.resolve("fleet/processes");
    List<Long> children =
        Files.readAllLines(processes).stream()
            .map(line -> Long.valueOf(line.split(" ", -1)[1]))
            .toList();
    assertThat(children).hasSize(4);

    up.children().forEach(ProcessHandle::destroyForcibly);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                children.stream()
                    .noneMatch(
                        pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()));

    Run down = run("down");
    assertThat(down.output()).contains("an earlier fleet was killed");
    assertThat(left()).extracting(Path::toString).containsExactly("lock", "logs", "tmp");
  }
}
