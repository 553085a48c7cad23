package io.streamfleet.commands.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.Commands;
import io.streamfleet.worker.run.PlainRun;
import io.streamfleet.worker.run.WorkerRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@link PlainRun} parses command lines exactly like {@link RunCommand}. */
class PlainRunTest {

  private static WorkerRun byTheCommands(String... args) {
    RunCommand command =
        (RunCommand) Commands.commandLine().parseArgs(args).subcommand().commandSpec().userObject();
    return command.asked();
  }

  private static String[] words(String line) {
    return line.split(" ", -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run -f a.yaml",
        "run --file a.yaml",
        "run --file=a.yaml --port=0",
        "run --consumer w-1 -f /etc/a.yaml --port 8080",
        "run --consumer w-1 -f /etc/a.yaml --host 127.0.0.1 --port 8080",
        "run -f a.yaml --redis-url redis://h:1/?timeout=5s",
        "run -f a.yaml --redis-url=redis://h:1/?timeout=5s --secrets /s --log-format json",
        "run -f a.yaml --log-format LogFmt",
      })
  void understandsAPlainLineAsTheCommandsDo(String line) {
    assertThat(PlainRun.asked(words(line))).hasValue(byTheCommands(words(line)));
  }

  @Test
  void knowsEveryOptionOfRun() {
    CommandSpec run =
        Commands.commandLine().parseArgs("run", "-f", "a.yaml").subcommand().commandSpec();
    for (OptionSpec option : run.options()) {
      if (option.usageHelp() || option.versionHelp()) {
        continue;
      }
      for (String name : option.names()) {
        List<String> args = new ArrayList<>(List.of(PlainRun.NAME, name, sample(option)));
        if (!option.required()) {
          args.addAll(List.of("-f", "a.yaml"));
        }
        assertThat(PlainRun.asked(args.toArray(String[]::new)))
            .as("%s", args)
            .hasValue(byTheCommands(args.toArray(String[]::new)));
      }
    }
  }

  /** Returns a value of the option's type. */
  private static String sample(OptionSpec option) {
    Class<?> type = option.type();
    return type.isEnum() ? type.getEnumConstants()[1].toString() : "7";
  }

  static Stream<String> notPlain() {
    return Stream.of(
        "",
        "--help",
        "run",
        "run --help",
        "run -f a.yaml --help",
        "run -h",
        "run --port 0",
        "run -f",
        "run -f=a.yaml",
        "run -fa.yaml",
        "run -f a.yaml -f b.yaml",
        "run -f a.yaml extra",
        "run -f a.yaml --port many",
        "run -f a.yaml --port",
        "run -f a.yaml --consumer=",
        "run -f a.yaml --log-format xml",
        "run -f a.yaml --consumer --port",
        "run -f a.yaml --replicas 3",
        "run @arguments",
        "run -f @manifest",
        "publish -f a.yaml",
        "dlq list -f a.yaml");
  }

  @ParameterizedTest
  @MethodSource("notPlain")
  void leavesTheRestToTheCommands(String line) {
    assertThat(PlainRun.asked(words(line))).isEmpty();
  }
}
