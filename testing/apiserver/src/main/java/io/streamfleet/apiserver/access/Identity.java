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
 * How a server and its clients authenticate each other: a token that only this server accepts, and
 * a certificate that only its clients trust. TLS is not for secrecy on loopback: {@code kubectl}
 * sends a token only over TLS.
 *
 * @param token that a request has to carry
 * @param authority the certificate of the CA, as PEM
 * @param certificate the server's, as PEM
 * @param key the server's private key, as PEM
 */
public record Identity(String token, String authority, String certificate, String key) {

  /** 256 bits can't be guessed. */
  private static final int TOKEN_BYTES = 32;

  /** Longer than any local fleet runs. */
  private static final Duration VALID = Duration.ofDays(365);

  /** Creates a new identity. */
  public static Identity make() {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    try {
      // Only its owner may read a temporary folder.
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

  /** Whether this is the token, compared in constant time. */
  public boolean isOf(String presented) {
    return MessageDigest.isEqual(presented.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  /** The CA's certificate for a kubeconfig. */
  public String authorityAsData() {
    return Base64.getEncoder().encodeToString(authority.getBytes(UTF_8));
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Identity[" + authority.hashCode() + "]";
  }
}
