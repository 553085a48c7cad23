package io.streamfleet.worker.settings;

import io.streamfleet.api.InvalidManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of a manifest, as it changes. One look sees what is there, and the next one judges it if
 * it is there still: who writes a file without care leaves half of it for a moment, which may be a
 * manifest as well. For one thread.
 */
final class ManifestFile {

  private final Path file;

  /** What was judged last. */
  private Sight judged;

  private Sight seen;

  /** What a look saw: a text, or why there is none. */
  private record Sight(@Nullable String text, String problem) {}

  /** What a look came to, if it is news. */
  sealed interface News {

    /** Another manifest. */
    record Other(ManifestText manifest) implements News {}

    /**
     * What is there is no manifest.
     *
     * @param problem in one line, without what the file holds
     */
    record Bad(String problem) implements News {}
  }

  /**
   * @param text what the file held when it was read last
   */
  ManifestFile(Path file, String text) {
    this.file = file;
    this.judged = new Sight(text, "");
    this.seen = judged;
  }

  /** Looks once. */
  Optional<News> look() {
    Sight now = read();
    boolean stays = now.equals(seen);
    seen = now;
    if (!stays || now.equals(judged)) {
      return Optional.empty();
    }
    judged = now;
    String text = now.text();
    return Optional.of(text == null ? new News.Bad(now.problem()) : judge(text));
  }

  private Sight read() {
    try {
      return new Sight(Files.readString(file), "");
    } catch (IOException e) {
      return new Sight(null, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static News judge(String text) {
    try {
      return new News.Other(ManifestText.of(text));
    } catch (InvalidManifest e) {
      return new News.Bad(Objects.requireNonNullElse(e.getMessage(), "").replace('\n', ' '));
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever somebody wrote there: the worker goes on by what it has.
      return new News.Bad("cannot be understood: " + e.getClass().getSimpleName());
    }
  }
}
