package io.streamfleet.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server as a child process, with its own folder for configuration, log and data. Not
 * thread-safe, except for the shutdown hook.
 */
final class ServerProcess implements AutoCloseable {

  /** A server with little data exits in milliseconds; after this time it hangs. */
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(10);

  /** How much of a log an error shows: enough for a failed start. */
  private static final int LOG_TAIL_LINES = 30;

  /** A refused configuration line is printed in full, secrets included. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(requirepass|masterauth|primaryauth|user|auth-pass)\\b.*");

  /** Stopped, or ended: proc(5), {@code /proc/pid/stat}. */
  private static final String STOPPED = "TZX";

  private final String name;
  private final Path home;
  private final int port;
  private final List<String> command;
  private final @Nullable Thread hook;
  private volatile @Nullable Process process;

  /**
   * Writes the configuration; starts nothing yet.
   *
   * @param name for errors, such as {@code sentinel}
   * @param port on which it is pinged
   * @param configuration the lines of its file
   * @param arguments after the file on the command line; never a secret
   */
  ServerProcess(
      String name, RedisBinary binary, int port, List<String> configuration, String... arguments) {
    this(name, binary, port, configuration, true, arguments);
  }

  /**
   * @param guarded whether to close it when the JVM exits, if nobody has closed it before
   */
  ServerProcess(
      String name,
      RedisBinary binary,
      int port,
      List<String> configuration,
      boolean guarded,
      String... arguments) {
    this.name = name;
    this.port = port;
    try {
      this.home = Files.createTempDirectory("streamfleet-" + name);
      Path file = home.resolve("server.conf");
      Files.createFile(file);
      if (!(file.toFile().setReadable(false, false) && file.toFile().setReadable(true, true))) {
        throw new IOException("cannot keep " + file + " from being read by others");
      }
      Files.write(file, configuration);
      Files.createDirectory(data());
      List<String> words = new ArrayList<>(List.of(binary.path().toString(), file.toString()));
      words.addAll(List.of(arguments));
      this.command = List.copyOf(words);
    } catch (IOException e) {
      throw new ServerFailure("cannot prepare the folder of a " + name + ": " + e, e);
    }
    this.hook = guarded ? guard() : null;
  }

  private Thread guard() {
    Thread guard = Thread.ofPlatform().name("stop-" + name + "-" + port).unstarted(this::remove);
    Runtime.getRuntime().addShutdownHook(guard);
    return guard;
  }

  /** Quotes a value for a configuration file. */
  static String quoted(Object value) {
    return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  Path data() {
    return home.resolve("data");
  }

  int port() {
    return port;
  }

  boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  Optional<ProcessHandle> handle() {
    return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
  }

  /** Starts it, and returns when it answers. */
  void start() {
    if (isRunning()) {
      throw new IllegalStateException(this + " is running already");
    }
    if (!FreePorts.isFree(port)) {
      // Otherwise the other server's reply would be taken for this one's.
      throw new ServerFailure("cannot start " + this + ": somebody else listens on that port");
    }
    try {
      process =
          new ProcessBuilder(command)
              .directory(data().toFile())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new ServerFailure("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    }
    Deadline.in(Deadline.START)
        .await(this + " answers", () -> isExited() || answers(), this::logTail);
    if (isExited()) {
      throw new ServerFailure(this + " exited instead of serving; its log ends:\n" + logTail());
    }
  }

  private boolean isExited() {
    return !isRunning();
  }

  /** An error such as NOAUTH is an answer too, except LOADING. */
  private boolean answers() throws IOException {
    return switch (RespClient.once(port, "PING")) {
      case RespClient.Refusal(String message) -> !message.startsWith("LOADING");
      case RespClient.Text _, RespClient.Whole _, RespClient.Nothing _, RespClient.Many _ -> true;
    };
  }

  /** SIGKILL; does nothing if it is not running. */
  void kill() {
    Process current = process;
    if (current != null) {
      // A script that does not exec has the server as its child.
      current.descendants().forEach(ProcessHandle::destroyForcibly);
      current.destroyForcibly();
      awaitExit(current);
    }
  }

  /** SIGTERM; does nothing if it is not running. */
  void stop() {
    Process current = process;
    if (current != null && current.isAlive()) {
      signal("CONT");
      current.descendants().forEach(ProcessHandle::destroy);
      current.destroy();
      awaitExit(current);
    }
  }

  /** Sends a signal by its name, with the shell's builtin kill, which needs no package. */
  void signal(String signal) {
    Process current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException(this + " is not running");
    }
    // A wrapper's child is the server. A server's own children (a background save) may have exited
    // by the time they are signalled, which is no failure.
    String children =
        current
            .descendants()
            .map(handle -> "kill -" + signal + " " + handle.pid() + " 2>/dev/null; ")
            .collect(Collectors.joining());
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", children + "kill -" + signal + " " + current.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      awaitExit(kill);
      if (kill.exitValue() != 0) {
        throw new ServerFailure("cannot send " + signal + " to " + this);
      }
    } catch (IOException e) {
      throw new ServerFailure("cannot send " + signal + " to " + this + ": " + e.getMessage(), e);
    }
  }

  /**
   * SIGSTOP; waits until all threads are stopped: on a busy machine some run on for a moment and
   * may still answer.
   */
  void freeze() {
    signal("STOP");
    Process current = process;
    if (current != null) {
      Deadline.in(Deadline.START)
          .await("all its threads stand still", () -> isStopped(current), this::logTail);
    }
  }

  private static boolean isStopped(Process current) throws IOException {
    for (ProcessHandle one :
        Stream.concat(Stream.of(current.toHandle()), current.descendants()).toList()) {
      if (!isStopped(Path.of("/proc", Long.toString(one.pid()), "task"))) {
        return false;
      }
    }
    return true;
  }

  /** Without /proc the signal has to be enough. */
  private static boolean isStopped(Path threads) throws IOException {
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> each = Files.list(threads)) {
      for (Path thread : each.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        // The state follows the name, which is in parentheses and may contain some. A child that
        // has ended stays a zombie until its stopped parent reaps it.
        if (STOPPED.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void awaitExit(Process exiting) {
    try {
      if (!exiting.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ServerFailure(this + " is still there after " + EXIT_TIMEOUT + "\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerFailure("interrupted while " + this + " went down", e);
    }
  }

  Path log() {
    return home.resolve("server.log");
  }

  /** The last lines of the log, without secrets. */
  String logTail() {
    try {
      List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
      return lines.stream()
          .skip(Math.max(0, lines.size() - LOG_TAIL_LINES))
          .map(line -> SECRET.matcher(line).replaceAll("$1 ..."))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Kills it and deletes its folder. */
  @Override
  public void close() {
    if (hook == null || Runtime.getRuntime().removeShutdownHook(hook)) {
      remove();
    }
  }

  private void remove() {
    kill();
    try (Stream<Path> files = Files.exists(home) ? Files.walk(home) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the folder of " + this, e);
    }
  }

  @Override
  public String toString() {
    return name + " on 127.0.0.1:" + port;
  }
}
