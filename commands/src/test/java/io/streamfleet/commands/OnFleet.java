package io.streamfleet.commands;

import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands against a fleet, with the manifest of its workers. */
public record OnFleet(Fleet fleet, Path folder) {

  /** Runs a command with {@link QuickManifest#calm}. */
  public CommandRun run(String... words) {
    return run(QuickManifest.calm(), words);
  }

  /** Runs a command: its name, or its two names as in {@code dlq list}, then its options. */
  public CommandRun run(QuickManifest manifest, String... words) {
    Path file = folder.resolve("manifest.yaml");
    try {
      Files.writeString(file, manifest.text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("-f", file.toString(), "--redis-url", fleet.redis().url()));
    return CommandRun.of(args.toArray(String[]::new));
  }
}
