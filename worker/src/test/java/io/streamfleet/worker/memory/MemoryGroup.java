package io.streamfleet.worker.memory;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group with a limit of memory, as a container is in: real, where this user may make one.
 */
final class MemoryGroup implements AutoCloseable {

  private final Path folder;

  private MemoryGroup(Path folder) {
    this.folder = folder;
  }

  /** Makes one, unless this machine does not let us. */
  static Optional<MemoryGroup> of(long bytes) {
    String name = "streamfleet-test-" + ProcessHandle.current().pid();
    return made(Path.of("/sys/fs/cgroup/memory", name), "memory.limit_in_bytes", bytes)
        .or(() -> made(Path.of("/sys/fs/cgroup", name), "memory.max", bytes));
  }

  private static Optional<MemoryGroup> made(Path folder, String limit, long bytes) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      // Another version of control groups, or no right to.
      return Optional.empty();
    }
    try {
      if (!Files.exists(folder.resolve(limit))) {
        throw new IOException("memory is not limited here");
      }
      Files.writeString(folder.resolve(limit), Long.toString(bytes));
      return Optional.of(new MemoryGroup(folder));
    } catch (IOException e) {
      folder.toFile().delete();
      return Optional.empty();
    }
  }

  /** What runs a command in the group, with the environment of the image. */
  List<String> entering() {
    return List.of(
        "sh",
        "-c",
        "echo $$ > " + folder.resolve("cgroup.procs") + " && MALLOC_ARENA_MAX=2 exec \"$@\"",
        "sh");
  }

  @Override
  public void close() {
    // Who was in it has ended; the kernel takes a moment to notice.
    await().until(() -> folder.toFile().delete() || !Files.exists(folder));
  }
}
