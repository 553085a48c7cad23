package io.streamfleet.kubelet;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Makes sure that no child process outlives this process, however it ends. A guard, a small shell
 * script, reads from a pipe. When this process is gone the pipe is closed, and the guard stops the
 * processes listed in a file gracefully. If the guard is killed as well, the next command can use
 * the file: see {@link #endThoseOf}.
 */
public final class ChildProcesses implements AutoCloseable {

  /** The order in which they are stopped: pods need servers to settle what they have in flight. */
  public enum Role {
    POD,
    SERVER
  }

  /** Longer than a worker's drain (30 s by default) and the closing of its connections. */
  private static final Duration POD_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration SERVER_TIMEOUT = Duration.ofSeconds(5);

  /** Start times are measured in ticks since boot, and rounded. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private final Path file;
  private final Process guard;
  // Guarded by this.
  private final Map<Long, String> lines = new LinkedHashMap<>();

  private ChildProcesses(Path file, Process guard) {
    this.file = file;
    this.guard = guard;
  }

  /**
   * Starts the guard.
   *
   * @param file for the list of child processes
   */
  public static ChildProcesses guarded(Path file) throws IOException {
    try (InputStream script = ChildProcesses.class.getResourceAsStream("guard.sh")) {
      if (script == null) {
        throw new IllegalStateException("guard.sh is missing from the class path");
      }
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      Process guard =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  text,
                  "streamfleet-guard",
                  file.toAbsolutePath().toString(),
                  Long.toString(POD_TIMEOUT.toSeconds()),
                  Long.toString(SERVER_TIMEOUT.toSeconds()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new ChildProcesses(file, guard);
    }
  }

  /** Adds a child, until it ends. */
  public void add(ProcessHandle child, Role role) {
    Optional<Instant> start = child.info().startInstant();
    if (start.isEmpty()) {
      // It has ended already.
      return;
    }
    change(
        child.pid(),
        "%s %d %d"
            .formatted(
                role.name().toLowerCase(Locale.ROOT), child.pid(), start.get().toEpochMilli()));
    child.onExit().thenAccept(gone -> change(gone.pid(), ""));
  }

  private synchronized void change(long pid, String line) {
    if (line.isEmpty()) {
      lines.remove(pid);
    } else {
      lines.put(pid, line);
    }
    if (!guard.isAlive()) {
      return;
    }
    try {
      Path aside = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(
          aside, lines.values().stream().map(it -> it + "\n").collect(Collectors.joining()));
      Files.move(aside, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write down which processes there are", e);
    }
  }

  /** The children have ended, or are no longer this object's responsibility. */
  @Override
  public synchronized void close() {
    try {
      Files.deleteIfExists(file);
      guard.getOutputStream().close();
      guard.waitFor(SERVER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot forget which processes there were", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      guard.destroyForcibly();
    }
  }

  /**
   * Stops the children of a process that is gone: those in the file that are still the same.
   *
   * @return how many there were
   */
  public static int endThoseOf(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    List<ProcessHandle> pods = new ArrayList<>();
    List<ProcessHandle> servers = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", -1);
      if (words.length == 3) {
        same(Long.parseLong(words[1]), Instant.ofEpochMilli(Long.parseLong(words[2])))
            .ifPresent((words[0].equals("pod") ? pods : servers)::add);
      }
    }
    end(pods, POD_TIMEOUT);
    end(servers, SERVER_TIMEOUT);
    Files.deleteIfExists(file);
    return pods.size() + servers.size();
  }

  /** The process with this id, if it is still the one that was started then. */
  public static Optional<ProcessHandle> same(long pid, Instant start) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            handle ->
                handle
                    .info()
                    .startInstant()
                    .filter(at -> Duration.between(at, start).abs().compareTo(START_TOLERANCE) < 0)
                    .isPresent());
  }

  private static void end(List<ProcessHandle> processes, Duration timeout) {
    processes.forEach(ProcessHandle::destroy);
    for (ProcessHandle process : processes) {
      if (!awaitEnd(process, timeout)) {
        process.destroyForcibly();
        awaitEnd(process, SERVER_TIMEOUT);
      }
    }
  }

  /** Whether a process, not necessarily a child, has ended in time. */
  public static boolean awaitEnd(ProcessHandle process, Duration timeout) {
    try {
      process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !process.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
