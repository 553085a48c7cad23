package io.streamfleet.redis;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificate chain and private key that a client presents in TLS. Validated before use,
 * because for any invalid one a server only answers {@code bad_certificate}.
 */
final class ClientIdentity {

  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";

  /** Any text will do: it is signed with the private key and verified with the public key. */
  private static final byte[] PROBE = "streamfleet".getBytes(StandardCharsets.US_ASCII);

  private ClientIdentity() {}

  /**
   * Reads certificate and key. The certificates may be in any order.
   *
   * @throws UnusableSecret when one is missing, unreadable or expired, or they don't belong
   *     together
   */
  static ClientCertificate of(Secret secret, Instant now) {
    List<X509Certificate> given = Pem.certificates(secret, CHAIN);
    PrivateKey key = Pem.privateKey(secret, KEY);
    X509Certificate own =
        given.stream()
            .filter(certificate -> belong(certificate.getPublicKey(), key))
            .findFirst()
            .orElseThrow(
                () ->
                    UnusableSecret.bad(
                        secret.label(),
                        KEY,
                        "does not belong to the certificate under "
                            + CHAIN
                            + ": both must come from one request"));
    Instant end = own.getNotAfter().toInstant();
    if (now.isAfter(end)) {
      throw UnusableSecret.bad(
          secret.label(), CHAIN, "the certificate expired at " + end + ": renew it");
    }
    Instant begin = own.getNotBefore().toInstant();
    if (now.isBefore(begin)) {
      throw UnusableSecret.bad(
          secret.label(),
          CHAIN,
          "the certificate is valid from " + begin + " on: check the clocks");
    }
    return new ClientCertificate(upwards(own, given), key);
  }

  /** From the own certificate up to the highest issuer, as TLS requires; others are left out. */
  private static List<X509Certificate> upwards(X509Certificate own, List<X509Certificate> given) {
    List<X509Certificate> chain = new ArrayList<>(List.of(own));
    List<X509Certificate> left = new ArrayList<>(given);
    left.remove(own);
    Optional<X509Certificate> next = issuer(own, left);
    while (next.isPresent()) {
      chain.add(next.get());
      left.remove(next.get());
      next = issuer(next.get(), left);
    }
    return List.copyOf(chain);
  }

  private static Optional<X509Certificate> issuer(
      X509Certificate of, List<X509Certificate> candidates) {
    return candidates.stream()
        .filter(it -> it.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
        .findFirst();
  }

  private static boolean belong(PublicKey publicKey, PrivateKey privateKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // Different key types.
      return false;
    }
  }
}
