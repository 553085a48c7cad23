package io.streamfleet.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A Lua script that Redis runs atomically.
 *
 * @param name of its file, for errors
 * @param text the source
 * @param sha the SHA-1 for EVALSHA
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its SHA-1
public record Script(String name, byte[] text, String sha) {

  /**
   * Reads the script from the package of the class that calls it.
   *
   * @throws IllegalStateException when the file is missing, which is a mistake in the build
   */
  public static Script beside(Class<?> caller, String name) {
    try (InputStream file = caller.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing beside " + caller.getName());
      }
      return of(name, file.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name, e);
    }
  }

  /** This script appended to another one whose functions it uses: Redis runs both as one. */
  public Script after(Script functions) {
    byte[] both = Arrays.copyOf(functions.text, functions.text.length + text.length);
    System.arraycopy(text, 0, both, functions.text.length, text.length);
    return of(name, both);
  }

  private static Script of(String name, byte[] text) {
    return new Script(name, text, sha1(text));
  }

  private static String sha1(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Script script && script.sha.equals(sha);
  }

  @Override
  public int hashCode() {
    return sha.hashCode();
  }

  @Override
  public String toString() {
    return name + " (" + new String(text, StandardCharsets.UTF_8).lines().count() + " lines)";
  }
}
