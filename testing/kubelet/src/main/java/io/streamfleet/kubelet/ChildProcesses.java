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
 * Sees to it that no child outlives this process, however it ends. A guard, which is a small shell
 * script, holds the end of a pipe; when this process is gone the pipe is closed, and the guard ends
 * in good order whom it finds in a file. Should the guard be killed as well, the file is there for
 * whoever comes next: see {@link #endThoseOf}.
 */
public final class ChildProcesses implements AutoCloseable {

  /** In which order they are to go: pods need servers to settle what they have in flight. */
  public enum Role {
    POD,
    SERVER
  }

  /** Longer than a worker drains (30 s) and closes its connections, unless told to take longer. */
  private static final Duration PATIENCE_WITH_PODS = Duration.ofSeconds(60);

  private static final Duration PATIENCE_WITH_SERVERS = Duration.ofSeconds(5);

  /** The time of a start is told in ticks since the machine's start, and rounded. */
  private static final Duration SAME_START = Duration.ofSeconds(2);

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
   * @param file where the children are written down
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
                  Long.toString(PATIENCE_WITH_PODS.toSeconds()),
                  Long.toString(PATIENCE_WITH_SERVERS.toSeconds()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new ChildProcesses(file, guard);
    }
  }

  /** Watches over a child from now on, until it ends. */
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

  /** The children have ended, or are somebody else's from now on. */
  @Override
  public synchronized void close() {
    try {
      Files.deleteIfExists(file);
      guard.getOutputStream().close();
      guard.waitFor(PATIENCE_WITH_SERVERS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot forget which processes there were", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      guard.destroyForcibly();
    }
  }

  /**
   * Ends the children of a process that is gone itself: those of the file that are still the same.
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
    end(pods, PATIENCE_WITH_PODS);
    end(servers, PATIENCE_WITH_SERVERS);
    Files.deleteIfExists(file);
    return pods.size() + servers.size();
  }

  /** The process of this number, if it is still the one that was started then. */
  public static Optional<ProcessHandle> same(long pid, Instant start) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            handle ->
                handle
                    .info()
                    .startInstant()
                    .filter(at -> Duration.between(at, start).abs().compareTo(SAME_START) < 0)
                    .isPresent());
  }

  private static void end(List<ProcessHandle> processes, Duration patience) {
    processes.forEach(ProcessHandle::destroy);
    for (ProcessHandle process : processes) {
      if (!awaitEnd(process, patience)) {
        process.destroyForcibly();
        awaitEnd(process, PATIENCE_WITH_SERVERS);
      }
    }
  }

  /** Whether a process, of whomever, has ended in time. */
  public static boolean awaitEnd(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
