package io.streamfleet.worker.settings;

import io.streamfleet.api.Manifest;
import io.streamfleet.api.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A manifest with the text of its file.
 *
 * @param text the whole file
 */
public record ManifestText(String text, Manifest manifest) {

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws io.streamfleet.api.InvalidManifest if it is invalid, with every problem
   */
  public static ManifestText of(Path file) throws IOException {
    return of(Files.readString(file));
  }

  static ManifestText of(String text) {
    return new ManifestText(text, Manifest.read(text));
  }

  /** Identifies this version of the manifest. */
  public String version() {
    return WorkerSettings.version(text);
  }
}
