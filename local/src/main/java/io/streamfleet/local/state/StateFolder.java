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
 * The folder of a fleet. Whoever runs one holds a lock on a file in it, which the system takes back
 * when its process is gone, however it ended: so what lies there without a lock is stale.
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

  /** Makes the folder, if it is not there: its owner's only, for credentials are in it. */
  public void make() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** How {@code kubectl} and whoever else comes to the API server of the fleet. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  private Path state() {
    return folder.resolve("state.json");
  }

  /**
   * Takes the folder for a fleet, if no other has it.
   *
   * @return to be given back by closing it
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
        // This very process has it.
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** What the fleet says that has the folder; empty if none has, or it has not said it yet. */
  public Optional<RunningFleet> running() {
    try (Hold free = take().orElse(null)) {
      return free == null ? read() : Optional.empty();
    }
  }

  /** What was written last, by whomever. */
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

  /** The folder, taken. */
  public final class Hold implements AutoCloseable {

    private final FileChannel channel;

    private Hold(FileChannel channel) {
      this.channel = channel;
    }

    /** Says what runs. */
    public void write(RunningFleet fleet) {
      try {
        // A url may have a password in it; temporary files are their owner's only.
        Path aside = Files.createTempFile(folder, "state", ".part");
        Files.writeString(aside, json.writeValueAsString(fleet));
        Files.move(aside, state(), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + state(), e);
      }
    }

    /**
     * Ends the processes and removes the files of a fleet that was killed; logs stay.
     *
     * @return what there was, in words; empty if nothing
     */
    public Optional<String> clean() {
      try {
        boolean stale = Files.exists(state());
        int ended = ChildProcesses.endThoseOf(folder.resolve("processes"));
        remove(folder.resolve("pods"));
        // The folder itself may be where this process keeps temporary files.
        removeContent(folder.resolve("tmp"));
        Files.deleteIfExists(kubeconfig());
        Files.deleteIfExists(state());
        return stale || ended > 0
            ? Optional.of(
                "an earlier fleet had been killed; its files are removed, %d of its processes ended"
                    .formatted(ended))
            : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot clean up " + folder + ": " + e.getMessage(), e);
      }
    }

    /** Removes the logs of the fleet before. */
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
        // The file of the lock stays: who waits for it must not wait for one that is gone.
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
