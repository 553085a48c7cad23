package io.streamfleet.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A Kubernetes Secret: values under keys, in a mounted directory or in memory. */
public interface Secret {

  /** Its name for users, as a part of a sentence: {@code the Secret redis}. */
  String label();

  /**
   * The value under a key; empty when there is no such key.
   *
   * @throws UncheckedIOException when it exists and can't be read
   */
  Optional<byte[]> bytes(String key);

  /**
   * The text under a key, without surrounding white space: a value written by {@code echo} ends
   * with a line feed. Empty when there is no such key or its value is blank.
   *
   * @throws UncheckedIOException when it exists and can't be read
   * @throws UnusableSecret when it is not text
   */
  default Optional<String> text(String key) {
    return bytes(key).map(bytes -> decoded(this, key, bytes)).filter(text -> !text.isEmpty());
  }

  /**
   * The text under a key that must exist.
   *
   * @throws UncheckedIOException when it exists and can't be read
   * @throws UnusableSecret when it is missing, blank or not text
   */
  default String needed(String key) {
    return text(key).orElseThrow(() -> UnusableSecret.lacks(label(), key, bytes(key).isPresent()));
  }

  /**
   * Files in a directory, read at each call. Kubernetes replaces the files of a Secret atomically.
   */
  static Secret folder(Path folder) {
    return new Secret() {
      @Override
      public String label() {
        return "the Secret " + folder.getFileName() + " (" + folder + ")";
      }

      @Override
      public Optional<byte[]> bytes(String key) {
        Path file = folder.resolve(key);
        if (!Files.exists(file)) {
          return Optional.empty();
        }
        try {
          return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read " + file, e);
        }
      }
    };
  }

  /** The data of a Secret from the API server, Base64-decoded. */
  static Secret of(String name, Map<String, byte[]> data) {
    return new Secret() {
      @Override
      public String label() {
        return "the Secret " + name;
      }

      @Override
      public Optional<byte[]> bytes(String key) {
        return Optional.ofNullable(data.get(key));
      }
    };
  }

  private static String decoded(Secret secret, String key, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
    } catch (CharacterCodingException e) {
      throw UnusableSecret.bad(secret.label(), key, "is no text in UTF-8");
    }
  }
}
