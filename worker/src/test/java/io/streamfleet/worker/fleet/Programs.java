package io.streamfleet.worker.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Runs programs in a folder, one after the other. */
public record Programs(Path folder) {

  /** In place of the exit status of a process that does not end. */
  private static final int STUCK = -1;

  /** What a shell says of a program that is not there. */
  private static final int NOT_THERE = 127;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** One that is not started yet; what it prints is kept for {@link #output}. */
  public ProcessBuilder program(Map<String, String> environment, String... command) {
    ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().putAll(environment);
    return process.redirectErrorStream(true).redirectOutput(said().toFile());
  }

  /** Runs it to its end; its exit status, which is not 0 if it is not there or does not end. */
  public static int ended(ProcessBuilder program) throws InterruptedException {
    try {
      Process process = program.start();
      try {
        return process.waitFor(PATIENCE) ? process.exitValue() : STUCK;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return NOT_THERE;
    }
  }

  /** What the last program printed. */
  public String output() {
    try {
      return Files.readString(said());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path said() {
    return folder.resolve("output.txt");
  }
}
