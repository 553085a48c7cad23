package io.streamfleet.image;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A command as process 1 of a PID namespace of its own, which is all of a container that counts.
 */
final class Container implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process namespace;
  private final Path output;

  private Container(Process namespace, Path output) {
    this.namespace = namespace;
    this.output = output;
  }

  /**
   * Starts one.
   *
   * @param output gets what it prints
   */
  static Container run(Path output, Map<String, String> environment, List<String> command)
      throws IOException {
    List<String> whole = new ArrayList<>(unshare());
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new Container(builder.start(), output);
  }

  private static List<String> unshare() {
    List<String> plain = launch("--pid", "--fork", "--kill-child");
    List<String> rootless = launch("--user", "--map-root-user", "--pid", "--fork");
    boolean isPlain = works(plain);
    if (!Boolean.parseBoolean(System.getenv("CI"))) {
      assumeThat(isPlain || works(rootless)).as("PID namespaces can be made here").isTrue();
    }
    return isPlain ? plain : rootless;
  }

  /** What runs in the background, or by nohup, ignores signals, and would pass that on. */
  private static List<String> launch(String... options) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal", "unshare"));
    command.addAll(List.of(options));
    return command;
  }

  private static boolean works(List<String> unshare) {
    List<String> command = new ArrayList<>(unshare);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // Not on this system.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Process 1, once it is the program and no longer what makes the namespace. */
  ProcessHandle first(Path program) {
    return await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(PATIENCE)
        .until(() -> running(namespace.toHandle(), program), Optional::isPresent)
        .orElseThrow();
  }

  /**
   * Returns once process 1 has made its first system call, which blocks all signals: from then on
   * none is lost. Before, the kernel drops what it is sent, and no program can help it.
   */
  void awaitThatItHears(ProcessHandle first) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(PATIENCE)
        // While it waits for a signal they are not told as blocked; it has a child then.
        .until(() -> blocksSignals(first) || first.children().findAny().isPresent());
  }

  private static boolean blocksSignals(ProcessHandle process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("SigBlk:"))
        .anyMatch(line -> !line.matches("SigBlk:\\s*0+"));
  }

  /** What process 1 has started. */
  ProcessHandle second(ProcessHandle first, Path program) {
    return await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(PATIENCE)
        .until(() -> running(first, program), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<ProcessHandle> running(ProcessHandle parent, Path program) {
    return parent
        .children()
        .filter(child -> child.info().command().filter(program.toString()::equals).isPresent())
        .findFirst();
  }

  /** Returns once the program has printed this. */
  void awaitOutput(String text) {
    await().atMost(PATIENCE).until(() -> output().contains(text));
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The exit status; empty if it does not end. */
  Optional<Integer> status() throws InterruptedException {
    return namespace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        ? Optional.of(namespace.exitValue())
        : Optional.empty();
  }

  @Override
  public void close() throws InterruptedException {
    namespace.descendants().forEach(ProcessHandle::destroyForcibly);
    namespace.destroyForcibly().waitFor();
  }
}
