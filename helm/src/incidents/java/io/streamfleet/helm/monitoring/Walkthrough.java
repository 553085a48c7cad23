package io.streamfleet.helm.monitoring;

import io.streamfleet.local.runbook.RunbookPage;
import io.streamfleet.local.runbook.RunbookShell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Does what the sections of the runbook say: types one command after the other, and puts into the
 * next what the page says to take of what was printed.
 */
final class Walkthrough {

  /** Where the value of a variable is in what the command before it printed. */
  private static final Map<String, Pattern> VALUES =
      Map.of(
          "ENTRY_ID", Pattern.compile("^(\\d+-\\d+)$", Pattern.MULTILINE),
          "POD", Pattern.compile("^([\\w-]+-worker-[\\w-]+)$", Pattern.MULTILINE),
          "CHANNEL", Pattern.compile("channel_id\"?\\W+([\\w-]+)"),
          "KEY", Pattern.compile("lock=(\\S+)"),
          "LETTER_ID", Pattern.compile("^(\\d+-\\d+)\\s", Pattern.MULTILINE),
          // A consumer that is no pod, of which the command after it lists all.
          "NAME",
              Pattern.compile(
                  "^([\\w-]+-worker-[\\w-]+)$(?!.*^pod/\\1$)", Pattern.MULTILINE | Pattern.DOTALL));

  private final RunbookPage page;
  private final RunbookShell shell;

  /** A command that was typed, and what it printed. */
  record Typed(String command, String printed) {}

  Walkthrough(RunbookPage page, RunbookShell shell) {
    this.page = page;
    this.shell = shell;
  }

  /**
   * Follows the section of an alert.
   *
   * @param values of the variables that the page begins with
   */
  List<Typed> follow(String alert, Map<String, String> values)
      throws IOException, InterruptedException {
    StringBuilder assigned =
        new StringBuilder(
            values.entrySet().stream()
                .map(it -> "%s='%s'\n".formatted(it.getKey(), it.getValue()))
                .collect(Collectors.joining()));
    List<Typed> typed = new ArrayList<>();
    // Several variables may come of one command, and one of two of them.
    String printed = "";
    String before = "";
    for (String line : page.section(alert)) {
      String variable = RunbookPage.exampleOf(line);
      if (!variable.isEmpty()) {
        Optional<String> value = find(variable, printed);
        if (value.isEmpty()) {
          value = find(variable, before + printed);
        }
        value.ifPresent(it -> assigned.append("%s='%s'\n".formatted(variable, it)));
      } else if (RunbookShell.runs(line)) {
        RunbookShell.Run run = shell.run(assigned.toString(), line);
        before = printed;
        printed = run.output();
        typed.add(new Typed(line, printed + run.errors()));
        if (line.matches("[A-Z_]+=\\$\\(.*")) {
          assigned.append(line).append('\n');
        }
      }
    }
    return typed;
  }

  private static Optional<String> find(String variable, String printed) {
    Pattern value = VALUES.get(variable);
    if (value == null) {
      throw new IllegalStateException("say in Walkthrough where one finds " + variable);
    }
    Matcher found = value.matcher(printed);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** What led to the cause; empty if nothing did. */
  static Optional<Typed> telling(List<Typed> typed, Clue clue) {
    return typed.stream()
        .filter(it -> it.command().startsWith(clue.command()))
        .filter(it -> clue.tells().matcher(it.printed()).find())
        .findFirst();
  }
}
