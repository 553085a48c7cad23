package io.streamfleet.local.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.local.fleet.WorkerJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

  @Test
  void trainsACacheThatTheJvmTakes(@TempDir Path root) throws Exception {
    WorkerJar built = new WorkerJar(Path.of(System.getProperty("repository.root", "..")));
    assumeThat(built.jar()).as("made by the phase package: call mvn verify").exists();
    WorkerJar worker = new WorkerJar(root);
    Files.createDirectories(worker.jar().getParent());
    Files.copy(built.jar(), worker.jar());

    TrainingRun.of(
            worker.command(List.of(), List.of()), worker.cache(), root.resolve("training.log"))
        .train();

    assertThat(worker.isCached()).isTrue();
    // With AOTMode=on a JVM that cannot use the cache ends instead of going on without it.
    Process version =
        new ProcessBuilder(
                worker.command(
                    List.of("-XX:AOTMode=on", "-XX:AOTCache=" + worker.cache()),
                    List.of("--version")))
            .inheritIO()
            .start();
    assertThat(version.waitFor()).isZero();
  }
}
