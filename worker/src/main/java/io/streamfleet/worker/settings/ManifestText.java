package io.streamfleet.worker.settings;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A manifest as it stood in its file.
 *
 * @param text all of it
 */
public record ManifestText(String text, Manifest manifest) {

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws io.streamfleet.api.InvalidManifest with everything that is wrong with it
   */
  public static ManifestText of(Path file) throws IOException {
    return of(Files.readString(file));
  }

  static ManifestText of(String text) {
    return new ManifestText(text, Manifest.read(text));
  }

  /** What tells it from those before and after it. */
  public String version() {
    return WorkerSettings.version(text);
  }
}
