package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Process 1 of an image: a small C program that handles signals from its start, which a JVM does
 * not. See {@code image/src/main/c/init.c}.
 */
final class Init {

  /** Its path in an image. */
  static final String PLACE = "/sbin/init";

  /** Self-contained: no C library, no loader, and nothing specific to the build machine. */
  private static final List<String> COMPILER =
      List.of(
          "cc",
          "-std=c11",
          "-Os",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-ffreestanding",
          "-nostdlib",
          "-static",
          "-fno-pie",
          "-no-pie",
          "-fno-stack-protector",
          "-fno-asynchronous-unwind-tables",
          "-Wl,--build-id=none",
          "-Wl,-z,noexecstack",
          "-s");

  private Init() {}

  static Path source(Path repository) {
    return repository.resolve("image/src/main/c/init.c");
  }

  /**
   * Compiles it.
   *
   * @param program the output file
   * @throws BuildFailure without a C compiler or kernel headers
   */
  static void compile(Path source, Path program) throws IOException {
    Files.createDirectories(program.getParent());
    List<String> command = new ArrayList<>(COMPILER);
    command.addAll(List.of("-o", program.toString(), source.toString()));
    Process compiler;
    try {
      compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw lacking(e.toString());
    }
    compiler.getOutputStream().close();
    String output = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    try {
      if (compiler.waitFor() != 0) {
        throw lacking(output);
      }
    } catch (InterruptedException e) {
      compiler.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new BuildFailure("interrupted while cc compiled " + source);
    }
  }

  private static BuildFailure lacking(String found) {
    return new BuildFailure(
        "an image needs a C compiler for its process 1 (Debian, Ubuntu: apt-get install gcc"
            + " libc6-dev;"
            + " Fedora: dnf install gcc kernel-headers): %s".formatted(found.strip()));
  }
}
