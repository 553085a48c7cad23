package io.streamfleet.commands.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.worker.fleet.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"bash,bash", "zsh,bash", "fish,fish"})
  void aShellReadsWhatIsPrintedForIt(String shell, String program) throws Exception {
    Path script =
        Files.writeString(folder.resolve("script"), CommandRun.of("completion", shell).out());
    assumeThat(Programs.ended(new ProcessBuilder(program, "-c", "true")))
        .as(program + " on the PATH")
        .isZero();
    Programs programs = new Programs(folder);

    int status = Programs.ended(programs.program(Map.of(), program, "-n", script.toString()));

    assertThat(status).as(programs.output()).isZero();
  }

  @Test
  void bashCompletesACommand() throws Exception {
    Path script =
        Files.writeString(folder.resolve("script"), CommandRun.of("completion", "bash").out());
    Files.writeString(
        folder.resolve("try"),
        """
        . ./script
        COMP_WORDS=(streamfleet-worker sta); COMP_CWORD=1
        _complete_streamfleet-worker
        echo "${COMPREPLY[@]}"
        """);
    Programs programs = new Programs(folder);

    int status = Programs.ended(programs.program(Map.of(), "bash", "try"));

    assertThat(script).isNotEmptyFile();
    assertThat(status).as(programs.output()).isZero();
    assertThat(programs.output().strip()).isEqualTo("status");
  }

  @Test
  void fishScriptHasCommandsSubcommandsAndOptions() {
    assertThat(CommandRun.of("completion", "fish", "--name", "sf").out())
        .contains("complete -c sf -n '__fish_use_subcommand' -a why -d ")
        .containsPattern("-n '__fish_seen_subcommand_from status' -l output -x -d ")
        .contains(
            "__fish_seen_subcommand_from dlq; and __fish_seen_subcommand_from replay' -l dry-run");
  }
}
