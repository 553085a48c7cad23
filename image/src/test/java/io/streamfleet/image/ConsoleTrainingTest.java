package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTrainingTest {

  private static final Path REPOSITORY = Path.of(System.getProperty("repository.root"));

  @Test
  void trainsACacheThatTheJvmTakes(@TempDir Path folder) throws Exception {
    Path jar = Program.CONSOLE.jar(REPOSITORY);
    assumeThat(jar).as("made by the phase package").exists();
    Path cache = folder.resolve("console.aot");
    List<String> program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            jar.toString(),
            "io.streamfleet.console.Main");

    new ConsoleTraining(REPOSITORY, program, cache, folder.resolve("log")).train();

    // With AOTMode=on a JVM that cannot use the cache ends instead of going on without it.
    List<String> command = new ArrayList<>(program);
    command.addAll(1, List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache));
    command.add("nonsense");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .contains("the console takes no arguments");
    assertThat(process.waitFor()).isEqualTo(2);
  }
}
