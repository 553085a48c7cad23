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
 * One server as a child process, in a folder of its own that holds its configuration, its log and
 * its data. Used by one thread at a time; only the shutdown hook comes from another.
 */
final class ServerProcess implements AutoCloseable {

  /** A server with little data is gone in milliseconds; more means that it hangs. */
  private static final Duration EXIT = Duration.ofSeconds(10);

  /** What an error shows of a log: enough for a start that failed, and not a page more. */
  private static final int LOG_TAIL_LINES = 30;

  /** A refused configuration is printed with the line that was refused, secrets included. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(requirepass|masterauth|primaryauth|user|auth-pass)\\b.*");

  /** Stopped, or ended: proc(5), {@code /proc/pid/stat}. */
  private static final String STILL = "TZX";

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
   * @param port where it is asked whether it is there
   * @param configuration the lines of its file
   * @param arguments what follows the file on the command line; never a secret
   */
  ServerProcess(
      String name, RedisBinary binary, int port, List<String> configuration, String... arguments) {
    this(name, binary, port, configuration, true, arguments);
  }

  /**
   * @param guarded whether it is closed when the JVM ends, should nobody have done it before
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
      // Else the other server's answer would be taken for this one's.
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

  /** An error is an answer too, such as NOAUTH, unless it says that data are still loaded. */
  private boolean answers() throws IOException {
    return switch (RespClient.once(port, "PING")) {
      case RespClient.Refusal(String message) -> !message.startsWith("LOADING");
      case RespClient.Text _, RespClient.Whole _, RespClient.Nothing _, RespClient.Many _ -> true;
    };
  }

  /** SIGKILL; does nothing where it is not running. */
  void kill() {
    Process current = process;
    if (current != null) {
      // A script that does not exec has the server as its child.
      current.descendants().forEach(ProcessHandle::destroyForcibly);
      current.destroyForcibly();
      awaitExit(current);
    }
  }

  /** SIGTERM; does nothing where it is not running. */
  void stop() {
    Process current = process;
    if (current != null && current.isAlive()) {
      signal("CONT");
      current.descendants().forEach(ProcessHandle::destroy);
      current.destroy();
      awaitExit(current);
    }
  }

  /** Sends a signal by its name; the shell has a kill of its own, so that no package is needed. */
  void signal(String signal) {
    Process current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException(this + " is not running");
    }
    // A wrapper's child is the server; a server's own children (a save in the background) may be
    // gone
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
   * SIGSTOP, and waits until it stands still: on a busy machine some thread of it goes on for a
   * moment, and may answer yet.
   */
  void freeze() {
    signal("STOP");
    Process current = process;
    if (current != null) {
      Deadline.in(Deadline.START)
          .await("all its threads stand still", () -> standsStill(current), this::logTail);
    }
  }

  private static boolean standsStill(Process current) throws IOException {
    for (ProcessHandle one :
        Stream.concat(Stream.of(current.toHandle()), current.descendants()).toList()) {
      if (!standsStill(Path.of("/proc", Long.toString(one.pid()), "task"))) {
        return false;
      }
    }
    return true;
  }

  /** Where the system tells nothing of threads the signal has to be enough. */
  private static boolean standsStill(Path threads) throws IOException {
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> each = Files.list(threads)) {
      for (Path thread : each.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        // The state follows the name, which is in brackets and may have some of its own. A child
        // that has ended stays a zombie as long as its parent, which stands still, does not ask.
        if (STILL.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void awaitExit(Process exiting) {
    try {
      if (!exiting.waitFor(EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ServerFailure(this + " is still there after " + EXIT + "\n" + logTail());
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

  /** Kills it and removes its folder. */
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
