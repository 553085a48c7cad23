package io.streamfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The script {@code ./streamfleet}, as far as it goes without a build. */
class LauncherTest {

  private static final Path SCRIPT =
      Path.of(System.getProperty("repository.root", ".."), "streamfleet");

  @Test
  void tellsItsCommands() throws Exception {
    Run run = launch("help");
    assertThat(run.output())
        .contains("up [-f FILE]")
        .contains("worker run -f FILE")
        .contains("bench [--quick]");
    assertThat(run.status()).isZero();
  }

  @Test
  void refusesACommandThatThereIsNot() throws Exception {
    Run run = launch("launch");
    assertThat(run.output()).contains("there is no command launch");
    assertThat(run.status()).isEqualTo(2);
  }

  private static Run launch(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("sh", SCRIPT.toString(), command))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }

  private record Run(int status, String output) {}
}
