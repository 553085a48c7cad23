package io.streamfleet.local.state;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.kubelet.ChildProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of a fleet. A running fleet holds a lock on a file in it, which the system releases
 * when its process ends, however it ends. So files without a lock are stale.
 */
public final class StateFolder {

  private final Path folder;
  private final ObjectMapper json = new ObjectMapper();

  public StateFolder(Path folder) {
    this.folder = folder;
  }

  public Path path() {
    return folder;
  }

  public Path logs() {
    return folder.resolve("logs");
  }

  /**
   * Creates the folder if it does not exist, accessible only to its owner, since it contains
   * credentials.
   */
  public void make() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** The kubeconfig for the fleet's API server, for {@code kubectl} and others. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  private Path state() {
    return folder.resolve("state.json");
  }

  /**
   * Locks the folder, if no other fleet has.
   *
   * @return to be closed
   */
  public Optional<Hold> take() {
    try {
      make();
      FileChannel channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return Optional.of(new Hold(channel));
        }
      } catch (OverlappingFileLockException e) {
        // Locked by this process.
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The state of the running fleet; empty if none runs, or it has not written its state yet. */
  public Optional<RunningFleet> running() {
    try (Hold free = take().orElse(null)) {
      return free == null ? read() : Optional.empty();
    }
  }

  /** The last written state. */
  private Optional<RunningFleet> read() {
    try {
      return Files.exists(state())
          ? Optional.of(json.readValue(Files.readString(state()), RunningFleet.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + state(), e);
    }
  }

  /** The locked folder. */
  public final class Hold implements AutoCloseable {

    private final FileChannel channel;

    private Hold(FileChannel channel) {
      this.channel = channel;
    }

    /** Writes the state of the fleet. */
    public void write(RunningFleet fleet) {
      try {
        // A URL may contain a password; temporary files are only accessible to their owner.
        Path aside = Files.createTempFile(folder, "state", ".part");
        Files.writeString(aside, json.writeValueAsString(fleet));
        Files.move(aside, state(), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + state(), e);
      }
    }

    /**
     * Stops the processes and deletes the files of a fleet that was killed; the logs stay.
     *
     * @return what was found, as text; empty if nothing
     */
    public Optional<String> clean() {
      try {
        boolean stale = Files.exists(state());
        int ended = ChildProcesses.endThoseOf(folder.resolve("processes"));
        remove(folder.resolve("pods"));
        // Keep the folder itself: this process may use it for temporary files.
        removeContent(folder.resolve("tmp"));
        Files.deleteIfExists(kubeconfig());
        Files.deleteIfExists(state());
        return stale || ended > 0
            ? Optional.of(
                "an earlier fleet was killed; its files were deleted and %d of its processes stopped"
                    .formatted(ended))
            : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot clean up " + folder + ": " + e.getMessage(), e);
      }
    }

    /** Deletes the logs of the last fleet. */
    public void removeLogs() {
      try {
        remove(logs());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot remove " + logs(), e);
      }
    }

    @Override
    public void close() {
      try {
        // The lock file stays: others may have it open to wait for the lock.
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot give back " + folder, e);
      }
    }
  }

  private static void remove(Path start) throws IOException {
    removeContent(start);
    Files.deleteIfExists(start);
  }

  private static void removeContent(Path start) throws IOException {
    if (!Files.exists(start)) {
      return;
    }
    try (Stream<Path> files = Files.walk(start)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(start)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
