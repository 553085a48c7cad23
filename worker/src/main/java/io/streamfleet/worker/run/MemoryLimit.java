package io.streamfleet.worker.run;

import io.streamfleet.api.ByteText;
import io.streamfleet.api.WorkersSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether the heap fits into the memory of the container. The operator refuses a limit that is too
 * small; a worker without the operator logs a warning, before the kernel kills it.
 */
final class MemoryLimit {

  /** What classes, code, threads and buffers take besides the heap, in bytes. */
  private static final long BESIDE_HEAP = 96L << 20;

  /** Where a container finds its own limit: cgroups version 2 and version 1. */
  private static final List<Path> FILES =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  private MemoryLimit() {}

  /** The memory limit of this process's container in bytes, if there is one. */
  static OptionalLong ofThisContainer() {
    return FILES.stream()
        .flatMap(file -> limit(file).stream())
        .findFirst()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private static Optional<Long> limit(Path file) {
    try {
      String text = Files.readString(file).strip();
      // Without a limit version 2 has "max", version 1 a number of 19 digits.
      return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    } catch (IOException e) {
      // Not Linux, or the other version.
      return Optional.empty();
    }
  }

  /** The smallest sufficient limit in bytes, if the limit is below it. */
  static OptionalLong needed(long heap, OptionalLong limit) {
    long needed = heap + BESIDE_HEAP;
    return limit.isPresent() && limit.getAsLong() < needed
        ? OptionalLong.of(Math.max(needed, ByteText.parse(WorkersSpec.LEAST_MEMORY)))
        : OptionalLong.empty();
  }
}
