package io.streamfleet.worker.settings;

import io.streamfleet.api.InvalidManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects changes of a manifest's file. New contents are parsed only if two successive reads return
 * the same text: a program that does not replace the file atomically leaves half of it for a
 * moment, which may be a valid manifest, too. Belongs to one thread.
 */
final class ManifestFile {

  private final Path file;

  /** What was last reported. */
  private Contents reported;

  private Contents lastRead;

  /** What a read returned: a text, or why there is none. */
  private record Contents(@Nullable String text, String problem) {}

  /** A change of the file. */
  sealed interface Change {

    /** A new valid manifest. */
    record Valid(ManifestText manifest) implements Change {}

    /**
     * The file holds no valid manifest any more.
     *
     * @param problem in one line, without the contents of the file
     */
    record Invalid(String problem) implements Change {}
  }

  /**
   * @param text what the last read of the file returned
   */
  ManifestFile(Path file, String text) {
    this.file = file;
    this.reported = new Contents(text, "");
    this.lastRead = reported;
  }

  /** Reads the file. Returns a change when it was read twice in a row. */
  Optional<Change> poll() {
    Contents now = read();
    boolean stable = now.equals(lastRead);
    lastRead = now;
    if (!stable || now.equals(reported)) {
      return Optional.empty();
    }
    reported = now;
    String text = now.text();
    return Optional.of(text == null ? new Change.Invalid(now.problem()) : parse(text));
  }

  private Contents read() {
    try {
      return new Contents(Files.readString(file), "");
    } catch (IOException e) {
      return new Contents(null, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static Change parse(String text) {
    try {
      return new Change.Valid(ManifestText.of(text));
    } catch (InvalidManifest e) {
      return new Change.Invalid(Objects.requireNonNullElse(e.getMessage(), "").replace('\n', ' '));
    } catch (RuntimeException | StackOverflowError e) {
      // Text that breaks the parser must not stop the watch: the settings stay as they are.
      return new Change.Invalid("cannot be parsed: " + e.getClass().getSimpleName());
    }
  }
}
