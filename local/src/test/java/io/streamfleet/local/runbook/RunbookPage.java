package io.streamfleet.local.runbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page for whoever is on call, read for the commands that it has one type.
 *
 * @param text all of it
 */
public record RunbookPage(String text) {

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  private static final Pattern SECTION =
      Pattern.compile("^## (\\S+)\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);

  /** Those of what is not to be done are not among them. */
  private static final Pattern INLINE = Pattern.compile("`((?:redis|dlq|worker|kubectl)\\s[^`]+)`");

  private static final Pattern DO_NOT =
      Pattern.compile("\\*\\*Do not\\.\\*\\*.*?(?=\n## |\\z)", Pattern.DOTALL);

  private static final Pattern LINK = Pattern.compile("\\[(Streamfleet\\w+)]");

  /** A value that stands for another one, such as {@code ENTRY_ID=1732372000000-0}. */
  private static final Pattern EXAMPLE = Pattern.compile("([A-Z_]+)=[^$].*");

  /** What follows a command on its line. */
  private static final Pattern REMARK = Pattern.compile("\\s+# .*");

  /**
   * Reads it.
   *
   * @param root of the repository
   * @param page its path from there
   */
  public static RunbookPage of(Path root, String page) throws IOException {
    return new RunbookPage(Files.readString(root.resolve(page)));
  }

  /** The blocks of commands, as they stand there. */
  public List<String> blocks() {
    return blocks(text);
  }

  private static List<String> blocks(String text) {
    return BLOCK.matcher(text).results().map(it -> it.group(1)).toList();
  }

  /**
   * The functions that all commands use.
   *
   * @param redis host and port
   */
  public String definitions(String redis) {
    return blocks().getFirst().replace("HOST:6379", redis).replaceAll("(?m)^kubectl .*$", "");
  }

  /** All commands of blocks, a line each; what several sections have one type is there once. */
  public List<String> commands() {
    return Stream.concat(
            blocks().getFirst().lines().filter(it -> it.startsWith("kubectl ")),
            blocks().stream()
                .skip(1)
                .flatMap(RunbookPage::lines)
                .filter(line -> exampleOf(line).isEmpty()))
        .map(line -> REMARK.matcher(line).replaceFirst(""))
        .distinct()
        .toList();
  }

  /**
   * What the section of an alert has one type, a line each, with the examples of values. Where it
   * has nothing to be typed it sends the reader to another section.
   */
  public List<String> section(String alert) {
    String section = found(alert);
    Matcher link = LINK.matcher(section);
    String there = section.contains("```sh") || !link.find() ? section : found(link.group(1));
    return blocks(there).stream().flatMap(RunbookPage::lines).toList();
  }

  private String found(String alert) {
    return SECTION
        .matcher(text)
        .results()
        .filter(it -> it.group(1).equals(alert))
        .map(it -> it.group(2))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no section on " + alert));
  }

  /** Which variable a line gives an example of; empty if it is a command. */
  public static String exampleOf(String line) {
    Matcher example = EXAMPLE.matcher(line);
    return example.matches() ? example.group(1) : "";
  }

  /** A line each, for what a backslash joins is one. */
  private static Stream<String> lines(String block) {
    return block.replaceAll("\\\\\n\\s*", "").lines().filter(line -> !line.isBlank());
  }

  /** Those within the text, whose placeholders are filled in; what ends the workers comes last. */
  List<String> inlineCommands() {
    String prose = DO_NOT.matcher(BLOCK.matcher(text).replaceAll("")).replaceAll("");
    return INLINE
        .matcher(prose)
        .results()
        .map(it -> it.group(1).replaceAll("\\s+", " "))
        .map(
            it ->
                it.replace("--replicas=N", "--replicas=1")
                    .replace("MINID ID", "MINID 0-1")
                    .replace("REASON", "max_attempts"))
        .distinct()
        .sorted(Comparator.comparing((String it) -> it.matches("kubectl (scale|rollout).*")))
        .toList();
  }
}
