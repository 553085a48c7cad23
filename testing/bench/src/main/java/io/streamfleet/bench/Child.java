package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process under measurement, with its output in a file. */
final class Child implements AutoCloseable {

  /** The worker's drain timeout is 30 s; a process that takes longer than this is stuck. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  /** A process without progress for this long is stuck. */
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** A server that is not there by then does not come. */
  private static final Duration COMES_WITHIN = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Process process;
  private final Path log;

  /** An interrupt of the run by Ctrl-C must leave no processes behind. */
  private final Thread shutdownHook;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.shutdownHook = Thread.ofPlatform().name("stop-" + process.pid()).unstarted(this::kill);
    try {
      Runtime.getRuntime().addShutdownHook(shutdownHook);
    } catch (IllegalStateException alreadyEnding) {
      kill();
      throw alreadyEnding;
    }
  }

  private void kill() {
    process.destroyForcibly();
  }

  /**
   * Starts {@code java} of the Java that runs this process.
   *
   * @param arguments JVM options, main class or jar, and its arguments
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
   * @throws IllegalStateException with the end of its log if it has exited with an error
   */
  void check() throws IOException {
    if (!process.isAlive() && process.exitValue() != 0) {
      throw new IllegalStateException(
          "a process under measurement ended with status " + process.exitValue() + ":\n" + tail());
    }
  }

  /**
   * Like {@link #check()}, and fails also if there was no progress for too long.
   *
   * @param progressAt the {@link System#nanoTime} of the last progress
   */
  void check(long progressAt) throws IOException {
    check();
    if (System.nanoTime() - progressAt > STUCK_AFTER.toNanos()) {
      throw new IllegalStateException(
          "nothing came of a process under measurement for " + STUCK_AFTER + ":\n" + tail());
    }
  }

  /** Shows whether a process has come up. */
  @FunctionalInterface
  interface Sign<T> {
    /** What was looked for, if it is there. */
    Optional<T> look() throws IOException;
  }

  /**
   * Waits until a program that is not under measurement has come up.
   *
   * @param name of the program, for the message
   * @throws IOException with the end of its log if it does not come
   */
  <T> T awaitUp(String name, Sign<T> sign) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (true) {
      check();
      Optional<T> found = sign.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - since > COMES_WITHIN.toNanos()) {
        throw new IOException(name + " does not come:\n" + tail());
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  /** Sends SIGTERM and waits for the exit. */
  void terminate() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("a worker did not drain; its log ends with\n" + tail());
    }
  }

  String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Sends SIGKILL. */
  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException ending) {
      // This process is shutting down, and its hook has killed the child already.
    }
  }
}
