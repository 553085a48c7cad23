package io.streamfleet.commands.completion;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Generates the completion script for fish, which picocli can't generate. */
final class FishCompletion {

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  /** Returns the script for a program of this name. */
  static String of(String program, CommandLine commands) {
    FishCompletion completion = new FishCompletion(program);
    completion.script.append("# Completions of ").append(program).append(" for fish\n");
    completion.line("-f");
    completion.level("__fish_use_subcommand", commands.getSubcommands());
    commands
        .getSubcommands()
        .forEach(
            (name, command) -> completion.command("__fish_seen_subcommand_from " + name, command));
    return completion.script.toString();
  }

  private void command(String seen, CommandLine command) {
    Map<String, CommandLine> deeper = command.getSubcommands();
    if (deeper.isEmpty()) {
      options(seen, command.getCommandSpec().options());
      return;
    }
    String none =
        seen + "; and not __fish_seen_subcommand_from " + String.join(" ", deeper.keySet());
    level(none, deeper);
    deeper.forEach(
        (name, below) -> command(seen + "; and __fish_seen_subcommand_from " + name, below));
  }

  private void level(String when, Map<String, CommandLine> commands) {
    commands.forEach(
        (name, command) ->
            line(
                "-n "
                    + quoted(when)
                    + " -a "
                    + name
                    + " -d "
                    + quoted(firstLine(command.getCommandSpec()))));
  }

  private void options(String when, List<OptionSpec> options) {
    for (OptionSpec option : options) {
      StringBuilder line = new StringBuilder("-n ").append(quoted(when));
      for (String name : option.names()) {
        line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
      }
      if (option.arity().max() > 0) {
        line.append(option.paramLabel().matches("FILE|DIR") ? " -r -F" : " -x");
      }
      if (option.description().length > 0) {
        line.append(" -d ")
            .append(quoted(option.description()[0].replaceAll("\\$\\{.*?\\}", "...")));
      }
      line(line.toString());
    }
  }

  private static String firstLine(CommandSpec command) {
    String[] lines = command.usageMessage().description();
    return lines.length == 0 ? "" : lines[0];
  }

  private static String quoted(String text) {
    return text.chars()
        .mapToObj(c -> c == '\'' || c == '\\' ? "\\" + (char) c : String.valueOf((char) c))
        .collect(Collectors.joining("", "'", "'"));
  }

  private void line(String rest) {
    script.append("complete -c ").append(program).append(' ').append(rest).append('\n');
  }
}
