package io.streamfleet.local.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code logs POD}: for the running fleet, or the last one. */
@Command(
    name = "logs",
    description = {
      "Print the log of a pod of the running fleet, or of the last one.",
      "",
      "A unique part of the name is enough; `operator` selects the operator."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:the log cannot be read", "2:bad usage, or no such pod"})
public final class LogsCommand implements Callable<Integer> {

  /** Short enough to look immediate. */
  private static final long POLL_MILLIS = 200;

  private static final String SUFFIX = ".log";

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Parameters(paramLabel = "POD", description = "The pod, or a part of its name.")
  private String pod = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Follow the log until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "N",
      description = "Start with the last N lines (default: all).")
  private @Nullable Integer tail;

  @Override
  public Integer call() throws InterruptedException {
    CommandOutput output = CommandOutput.of(command);
    try {
      List<Path> found = found();
      if (found.size() != 1) {
        output.complain(
            found.isEmpty()
                ? "no pod has %s in its name; there are: %s".formatted(pod, names(all()))
                : "several pods have %s in their names: %s".formatted(pod, names(found)));
        return ExitStatus.INPUT;
      }
      print(found.getFirst(), output.out());
      return ExitStatus.DONE;
    } catch (IOException e) {
      output.complain("the log cannot be read: " + e.getMessage());
      return ExitStatus.FAILED;
    }
  }

  private List<Path> all() throws IOException {
    Path folder = place.state().logs();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private List<Path> found() throws IOException {
    List<Path> all = all();
    List<Path> exact = all.stream().filter(it -> name(it).equals(pod)).toList();
    return exact.isEmpty() ? all.stream().filter(it -> name(it).contains(pod)).toList() : exact;
  }

  /** Files are named {@code NAMESPACE_POD.log}. */
  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.indexOf('_') + 1, name.length() - SUFFIX.length());
  }

  private static String names(List<Path> files) {
    return files.isEmpty()
        ? "none"
        : String.join(", ", files.stream().map(LogsCommand::name).toList());
  }

  private void print(Path file, PrintWriter out) throws IOException, InterruptedException {
    Integer lines = tail;
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      String text = rest(reader);
      if (lines == null) {
        Path older = file.resolveSibling(file.getFileName() + ".1");
        out.print(Files.exists(older) ? Files.readString(older) : "");
        out.print(text);
      } else {
        List<String> all = text.lines().toList();
        all.subList(Math.max(0, all.size() - lines), all.size()).forEach(out::println);
      }
      out.flush();
      while (follow) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        if (reader.length() < reader.getFilePointer()) {
          // The log was rotated; the file starts again.
          reader.seek(0);
        }
        out.print(rest(reader));
        out.flush();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String rest(RandomAccessFile reader) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(reader.length() - reader.getFilePointer())];
    reader.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
