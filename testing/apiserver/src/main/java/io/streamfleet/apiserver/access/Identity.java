package io.streamfleet.apiserver.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamfleet.embedded.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * By what a server and its clients know each other: a token that only this server takes, and a
 * certificate that only its clients trust. TLS is not for secrecy on loopback: {@code kubectl}
 * sends a token over nothing else.
 *
 * @param token that a request has to carry
 * @param authority the certificate that vouches for the server's, as PEM
 * @param certificate the server's, as PEM
 * @param key the server's private key, as PEM
 */
public record Identity(String token, String authority, String certificate, String key) {

  /** 256 bits: nobody guesses it. */
  private static final int TOKEN_BYTES = 32;

  /** Longer than anybody leaves a fleet running; it ends with its server. */
  private static final Duration VALID = Duration.ofDays(365);

  /** A new one. */
  public static Identity make() {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    try {
      // Only its owner may look into a temporary folder.
      Path folder = Files.createTempDirectory("streamfleet-certificates");
      try {
        Certificates made = Certificates.in(folder, InstantSource.system(), VALID);
        return new Identity(
            Base64.getUrlEncoder().withoutPadding().encodeToString(token),
            Files.readString(made.ca()),
            Files.readString(made.serverCertificate()),
            Files.readString(made.serverKey()));
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make the certificate of the API server: " + e.getMessage(), e);
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> files;
    try (var list = Files.list(folder)) {
      files = list.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  /** Whether a request carries the token, in a time that tells nothing about it. */
  public boolean isOf(String presented) {
    return MessageDigest.isEqual(presented.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  /** The authority as a kubeconfig has it. */
  public String authorityAsData() {
    return Base64.getEncoder().encodeToString(authority.getBytes(UTF_8));
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Identity[" + authority.hashCode() + "]";
  }
}
