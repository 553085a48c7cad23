package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process under measurement, its output in a file. */
final class Child implements AutoCloseable {

  /** A drain of the worker has 30 s of its own; whoever needs longer is stuck. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  /** Who does nothing for so long will do nothing more. */
  private static final Duration STUCK = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;

  /** Who interrupts a run with Ctrl-C is not to be left with processes that nobody knows of. */
  private final Thread guard;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.guard = Thread.ofPlatform().name("stop-" + process.pid()).unstarted(this::kill);
    try {
      Runtime.getRuntime().addShutdownHook(guard);
    } catch (IllegalStateException alreadyEnding) {
      kill();
      throw alreadyEnding;
    }
  }

  private void kill() {
    process.destroyForcibly();
  }

  /**
   * Starts {@code java} of this process's own Java.
   *
   * @param arguments JVM options, what to run, and its arguments
   */
  static Child start(Path log, List<String> arguments) throws IOException {
    return of(log, Program.java(arguments.toArray(String[]::new)));
  }

  /** Starts any program. */
  static Child of(Path log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(process, log);
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * @throws IllegalStateException with the end of its log if it has ended by itself, and not well
   */
  void check() throws IOException {
    if (!process.isAlive() && process.exitValue() != 0) {
      throw new IllegalStateException(
          "a process under measurement ended with status " + process.exitValue() + ":\n" + tail());
    }
  }

  /**
   * As {@link #check()}, and also when nothing has come of it for too long.
   *
   * @param progressAt the {@link System#nanoTime} at which it was last seen to do something
   */
  void check(long progressAt) throws IOException {
    check();
    if (System.nanoTime() - progressAt > STUCK.toNanos()) {
      throw new IllegalStateException(
          "nothing came of a process under measurement for " + STUCK + ":\n" + tail());
    }
  }

  /** SIGTERM, and waits for the end. */
  void terminate() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("a worker did not drain; its log ends with\n" + tail());
    }
  }

  String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** SIGKILL. */
  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException ending) {
      // This process ends, and its hooks with it: the process is killed already.
    }
  }
}
