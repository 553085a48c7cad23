package io.streamfleet.redis;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys from Secrets: PEM (RFC 7468) and the older formats that are
 * still in use. An error names the Secret, the key, and the command that fixes it.
 */
final class Pem {

  /** Group 1 is the type, group 2 the content. */
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final String TO_PKCS8 =
      ": openssl pkcs8 -topk8 -nocrypt -in tls.key -out plain.key";

  /** The algorithms to try: PKCS #8 encodes the algorithm as a number. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private record Block(String kind, String content) {}

  private Pem() {}

  /**
   * The certificates under a key, in order; at least one.
   *
   * @throws UnusableSecret when there is none, or one can't be read
   */
  static List<X509Certificate> certificates(Secret secret, String key) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(secret, key, "x509")) {
      if (block.kind().endsWith("CERTIFICATE")) {
        certificates.add(certificate(secret, key, decoded(secret, key, block)));
      }
    }
    if (certificates.isEmpty()) {
      throw UnusableSecret.bad(
          secret.label(), key, "holds no certificate (no line BEGIN CERTIFICATE in it)");
    }
    return List.copyOf(certificates);
  }

  private static X509Certificate certificate(Secret secret, String key, byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw UnusableSecret.bad(secret.label(), key, "holds a certificate that cannot be read");
    }
  }

  /**
   * The private key under a key, in PKCS #8, PKCS #1 or SEC 1.
   *
   * @throws UnusableSecret when there is none that can be used
   */
  static PrivateKey privateKey(Secret secret, String key) {
    for (Block block : blocks(secret, key, "pkey")) {
      if (!block.kind().endsWith("PRIVATE KEY")) {
        continue;
      }
      if (block.kind().startsWith("ENCRYPTED") || block.content().contains("ENCRYPTED")) {
        throw UnusableSecret.bad(
            secret.label(), key, "is encrypted, and nobody can enter its passphrase" + TO_PKCS8);
      }
      byte[] der = decoded(secret, key, block);
      return switch (block.kind()) {
        case "PRIVATE KEY" -> privateKey(secret, key, der);
        case "RSA PRIVATE KEY" -> privateKey(secret, key, Pkcs8.ofRsa(der));
        case "EC PRIVATE KEY" -> privateKey(secret, key, ofEc(secret, key, der));
        default ->
            throw UnusableSecret.bad(
                secret.label(), key, "is a " + block.kind() + ", which TLS cannot use" + TO_PKCS8);
      };
    }
    throw UnusableSecret.bad(
        secret.label(), key, "holds no private key (no line BEGIN PRIVATE KEY in it)");
  }

  private static byte[] ofEc(Secret secret, String key, byte[] sec1) {
    try {
      return Pkcs8.ofEc(sec1);
    } catch (IllegalArgumentException e) {
      throw UnusableSecret.bad(
          secret.label(), key, "is an EC PRIVATE KEY that does not name its curve" + TO_PKCS8);
    }
  }

  private static PrivateKey privateKey(Secret secret, String key, byte[] pkcs8) {
    return ALGORITHMS.stream()
        .flatMap(kind -> readAs(kind, pkcs8).stream())
        .findFirst()
        .orElseThrow(
            () ->
                UnusableSecret.bad(
                    secret.label(),
                    key,
                    "cannot be read as a private key of the kind RSA, EC or Ed25519"));
  }

  /** Empty if the key has another algorithm. */
  private static Optional<PrivateKey> readAs(String kind, byte[] pkcs8) {
    try {
      return Optional.of(
          KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static List<Block> blocks(Secret secret, String key, String command) {
    byte[] bytes =
        secret.bytes(key).orElseThrow(() -> UnusableSecret.lacks(secret.label(), key, false));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.isBlank()) {
      throw UnusableSecret.lacks(secret.label(), key, true);
    }
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    if (blocks.isEmpty()) {
      throw UnusableSecret.bad(
          secret.label(),
          key,
          text.charAt(0) == '0'
              ? "is DER, and must be PEM: openssl %s -inform der -in %s -out pem"
                  .formatted(command, key)
              : "is no PEM, or cut off: there is no -----BEGIN … with its -----END");
    }
    return blocks;
  }

  private static byte[] decoded(Secret secret, String key, Block block) {
    try {
      return Base64.getDecoder().decode(block.content().replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw UnusableSecret.bad(secret.label(), key, "has a " + block.kind() + " that is no Base64");
    }
  }
}
