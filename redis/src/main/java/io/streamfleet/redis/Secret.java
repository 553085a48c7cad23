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

/** What Kubernetes calls a Secret: contents under keys, in a mounted folder or in memory. */
public interface Secret {

  /** What people know it by, as a part of a sentence: {@code the Secret redis}. */
  String label();

  /**
   * What is under a key, as it is; empty when there is no such key.
   *
   * @throws UncheckedIOException when it is there and cannot be read
   */
  Optional<byte[]> bytes(String key);

  /**
   * The text under a key, without white space around it: a secret made by {@code echo} ends with a
   * line feed that nobody meant. Empty when there is no such key, or nothing under it.
   *
   * @throws UncheckedIOException when it is there and cannot be read
   * @throws UnusableSecret when it is no text
   */
  default Optional<String> text(String key) {
    return bytes(key).map(bytes -> decoded(this, key, bytes)).filter(text -> !text.isEmpty());
  }

  /**
   * The text under a key that must be there.
   *
   * @throws UncheckedIOException when it is there and cannot be read
   * @throws UnusableSecret when it is not there, empty, or no text
   */
  default String needed(String key) {
    return text(key).orElseThrow(() -> UnusableSecret.lacks(label(), key, bytes(key).isPresent()));
  }

  /**
   * Files in a folder, read at each question. Kubernetes replaces those of a Secret in one step.
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

  /** The data of a Secret as the API server gives them, once decoded from Base64. */
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
