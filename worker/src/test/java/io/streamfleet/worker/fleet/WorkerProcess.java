package io.streamfleet.worker.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker as a process of its own, run as the jar runs it. */
public final class WorkerProcess implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile(" port=(\\d+)");

  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a worker; its output goes to a file.
   *
   * @param jvmOptions such as {@code -Xmx128m}
   * @param arguments those of {@code run}, the manifest included
   */
  public static WorkerProcess start(Path folder, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    return start(folder, List.of(), jvmOptions, arguments);
  }

  /**
   * The same by way of another command.
   *
   * @param through what runs the one that follows, in its place
   */
  public static WorkerProcess start(
      Path folder, List<String> through, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    Path log = Files.createTempFile(folder, "worker", ".log");
    return new WorkerProcess(
        new ProcessBuilder(command(through, jvmOptions, arguments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start(),
        log);
  }

  /** Starts a worker whose output is a pipe that nobody reads, and which has no log to look at. */
  public static WorkerProcess startUnread(
      Path folder, List<String> jvmOptions, List<String> arguments) throws IOException {
    return new WorkerProcess(
        new ProcessBuilder(command(List.of(), jvmOptions, arguments))
            .redirectErrorStream(true)
            .start(),
        Files.createTempFile(folder, "unread", ".log"));
  }

  private static List<String> command(
      List<String> through, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>(through);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.streamfleet.worker.Main", "run"));
    command.addAll(arguments);
    return command;
  }

  /** The port that its log says it serves health and metrics on. */
  public int port() throws IOException {
    for (String line : log().lines().toList()) {
      if (line.contains("serving metrics and health")) {
        Matcher found = PORT.matcher(line);
        if (found.find()) {
          return Integer.parseInt(found.group(1));
        }
      }
    }
    throw new IllegalStateException("the worker serves nothing: " + log);
  }

  public long pid() {
    return process.pid();
  }

  /** Waits until the worker consumes; one that does not is ended. */
  public WorkerProcess awaitConsuming() {
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .failFast("the worker ended: " + log, () -> !process.isAlive())
          .untilAsserted(() -> assertThat(log()).contains("msg=consuming"));
      return this;
    } catch (RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public String log() throws IOException {
    return Files.readString(log);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Sends a signal by its name, such as STOP or CONT. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the end and gives the exit status. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the worker did not end; its log is " + log);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
