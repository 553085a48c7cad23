package io.streamfleet.apiserver.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of a pod template: ten characters from an alphabet without vowels. */
final class TemplateHash {

  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LENGTH = 10;

  private TemplateHash() {}

  static String of(JsonNode template) {
    byte[] digest = sha256(template.toString());
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      hash.append(LETTERS.charAt(Byte.toUnsignedInt(digest[i]) % LETTERS.length()));
    }
    return hash.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
