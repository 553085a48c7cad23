package io.streamfleet.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What Kubernetes calls a Secret: texts under keys, in a mounted folder or in memory. */
@FunctionalInterface
public interface Secret {

  /**
   * The text under a key, without white space around it: a secret made by {@code echo} ends with a
   * line feed that nobody meant. Empty when there is no such key, or nothing under it.
   *
   * @throws UncheckedIOException when it is there and cannot be read
   */
  Optional<String> text(String key);

  /**
   * Files in a folder, read at each question. Kubernetes replaces the files of a mounted Secret in
   * one step.
   */
  static Secret folder(Path folder) {
    return key -> {
      Path file = folder.resolve(key);
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      try {
        return stripped(Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    };
  }

  /** The data of a Secret as the API server gives them, once decoded from Base64. */
  static Secret of(Map<String, byte[]> data) {
    return key ->
        Optional.ofNullable(data.get(key))
            .flatMap(bytes -> stripped(new String(bytes, StandardCharsets.UTF_8)));
  }

  private static Optional<String> stripped(String text) {
    return Optional.of(text.strip()).filter(it -> !it.isEmpty());
  }
}
