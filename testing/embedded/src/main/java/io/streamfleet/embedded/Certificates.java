package io.streamfleet.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/**
 * A private certificate authority with one server certificate (for {@code 127.0.0.1} and {@code
 * localhost}) and one client certificate, as PEM files in a folder. They are created at run time,
 * so that nothing in the repository expires. The JDK is enough: libraries that create certificates
 * need Bouncy Castle, ten megabytes on the class path of every program that uses this module. Keys
 * are on the curve P-256 and in PKCS#8, certificates are X.509 version 3 (RFC 5280).
 */
public final class Certificates {

  /** Longer than any test or benchmark, and too short to rely on. */
  private static final Duration VALID = Duration.ofDays(7);

  /** Clocks of one machine agree; an hour covers a virtual machine that was suspended. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.identifier("2A8648CE3D040302"));
  private static final String P256 = "2A8648CE3D030107";
  private static final String COMMON_NAME = "550403";
  private static final String SUBJECT_KEY_IDENTIFIER = "551D0E";
  private static final String KEY_USAGE = "551D0F";
  private static final String SUBJECT_ALTERNATIVE_NAME = "551D11";
  private static final String BASIC_CONSTRAINTS = "551D13";
  private static final String AUTHORITY_KEY_IDENTIFIER = "551D23";
  private static final String EXTENDED_KEY_USAGE = "551D25";
  private static final String SERVER_AUTHENTICATION = "2B06010505070301";
  private static final String CLIENT_AUTHENTICATION = "2B06010505070302";

  private final Path directory;
  private final InstantSource clock;
  private final Duration valid;
  private final SecureRandom random = new SecureRandom();
  private Issuer authority;

  /** The format of a client's key; servers have PKCS #8 on P-256. */
  public enum KeyForm {
    EC_PKCS8,
    EC_SEC1,
    RSA_PKCS1
  }

  private record Issuer(String name, KeyPair keys) {}

  private Certificates(Path directory, InstantSource clock, Duration valid) {
    this.directory = directory;
    this.clock = clock;
    this.valid = valid;
    this.authority = newAuthority();
    writeAuthority();
    reissue();
  }

  /** Creates a new authority and its certificates in this folder. */
  public static Certificates in(Path directory) {
    return in(directory, InstantSource.system());
  }

  /** The same with certificates that are valid around the time of this clock, for a week. */
  public static Certificates in(Path directory, InstantSource clock) {
    return in(directory, clock, VALID);
  }

  /** The same with another validity. */
  public static Certificates in(Path directory, InstantSource clock, Duration valid) {
    return new Certificates(directory, clock, valid);
  }

  /** The certificate of the authority, to be trusted by both sides. */
  public Path ca() {
    return directory.resolve("ca.pem");
  }

  public Path serverCertificate() {
    return directory.resolve("server.pem");
  }

  public Path serverKey() {
    return directory.resolve("server-key.pem");
  }

  public Path clientCertificate() {
    return directory.resolve("client.pem");
  }

  public Path clientKey() {
    return directory.resolve("client-key.pem");
  }

  /**
   * Replaces the certificates and keys of server and client, as a rotation does. The authority
   * stays, so that those that trusted the old ones trust the new ones. A running server keeps what
   * it has read.
   */
  public void reissue() {
    issue("streamfleet server", SERVER_AUTHENTICATION, serverCertificate(), serverKey());
    reissueClient(KeyForm.EC_PKCS8);
  }

  /** Replaces the certificate and key of the client by those of another kind. */
  public void reissueClient(KeyForm form) {
    KeyPair keys = form == KeyForm.RSA_PKCS1 ? newRsaKeys() : newKeys();
    String key =
        switch (form) {
          case EC_PKCS8 -> pem("PRIVATE KEY", keys.getPrivate().getEncoded());
          case EC_SEC1 -> pem("EC PRIVATE KEY", sec1((ECPrivateKey) keys.getPrivate()));
          case RSA_PKCS1 -> pem("RSA PRIVATE KEY", pkcs1((RSAPrivateCrtKey) keys.getPrivate()));
        };
    issue("streamfleet client", CLIENT_AUTHENTICATION, clientCertificate(), clientKey(), keys, key);
  }

  /** RFC 5915. */
  private static byte[] sec1(ECPrivateKey key) {
    byte[] number = key.getS().toByteArray();
    byte[] octets = new byte[32];
    int length = Math.min(number.length, octets.length);
    System.arraycopy(number, number.length - length, octets, octets.length - length, length);
    return Der.sequence(
        Der.integer(BigInteger.ONE), Der.octets(octets), Der.tagged(0xA0, Der.identifier(P256)));
  }

  /** RFC 8017, appendix A.1.2. */
  private static byte[] pkcs1(RSAPrivateCrtKey key) {
    return Der.sequence(
        Der.integer(BigInteger.ZERO),
        Der.integer(key.getModulus()),
        Der.integer(key.getPublicExponent()),
        Der.integer(key.getPrivateExponent()),
        Der.integer(key.getPrimeP()),
        Der.integer(key.getPrimeQ()),
        Der.integer(key.getPrimeExponentP()),
        Der.integer(key.getPrimeExponentQ()),
        Der.integer(key.getCrtCoefficient()));
  }

  /** Replaces the authority too: earlier certificates are no longer trusted. */
  public void replaceAuthority() {
    authority = newAuthority();
    writeAuthority();
    reissue();
  }

  private Issuer newAuthority() {
    return new Issuer("streamfleet test authority " + serial().toString(36), newKeys());
  }

  private void writeAuthority() {
    byte[] extensions =
        Der.sequence(
            critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes())),
            // keyCertSign and cRLSign
            critical(KEY_USAGE, Der.bits(1, new byte[] {0x06})),
            extension(
                SUBJECT_KEY_IDENTIFIER, Der.octets(identifierOf(authority.keys.getPublic()))));
    write(ca(), pem("CERTIFICATE", certificate(authority.name, authority.keys, extensions)));
  }

  private void issue(String name, String purpose, Path certificateFile, Path keyFile) {
    KeyPair keys = newKeys();
    String key = pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    issue(name, purpose, certificateFile, keyFile, keys, key);
  }

  private void issue(
      String name, String purpose, Path certificateFile, Path keyFile, KeyPair keys, String key) {
    byte[] localhost = Der.tagged(0x82, "localhost".getBytes(US_ASCII));
    byte[] loopback = Der.tagged(0x87, new byte[] {127, 0, 0, 1});
    byte[] extensions =
        Der.sequence(
            critical(BASIC_CONSTRAINTS, Der.sequence()),
            // digitalSignature
            critical(KEY_USAGE, Der.bits(7, new byte[] {(byte) 0x80})),
            extension(EXTENDED_KEY_USAGE, Der.sequence(Der.identifier(purpose))),
            extension(SUBJECT_ALTERNATIVE_NAME, Der.sequence(localhost, loopback)),
            extension(SUBJECT_KEY_IDENTIFIER, Der.octets(identifierOf(keys.getPublic()))),
            extension(
                AUTHORITY_KEY_IDENTIFIER,
                Der.sequence(Der.tagged(0x80, identifierOf(authority.keys.getPublic())))));
    write(keyFile, key);
    write(certificateFile, pem("CERTIFICATE", certificate(name, keys, extensions)));
  }

  private byte[] certificate(String subject, KeyPair keys, byte[] extensions) {
    Instant now = clock.instant();
    byte[] content =
        Der.sequence(
            Der.tagged(0xA0, Der.integer(BigInteger.TWO)),
            Der.integer(serial()),
            ECDSA_WITH_SHA256,
            name(authority.name),
            Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(valid))),
            name(subject),
            keys.getPublic().getEncoded(),
            Der.tagged(0xA3, extensions));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(authority.keys.getPrivate(), random);
      signature.update(content);
      return Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(0, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new ServerFailure("this Java cannot sign certificates: " + e.getMessage(), e);
    }
  }

  private BigInteger serial() {
    // 64 bits, as RFC 5280 recommends; the sum is never zero.
    return new BigInteger(64, random).add(BigInteger.ONE);
  }

  private KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new ServerFailure("this Java cannot make keys on P-256: " + e.getMessage(), e);
    }
  }

  private KeyPair newRsaKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new ServerFailure("this Java cannot make RSA keys: " + e.getMessage(), e);
    }
  }

  private static byte[] identifierOf(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return Arrays.copyOf(digest, 20);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.text(commonName))));
  }

  private static byte[] extension(String identifier, byte[] value) {
    return Der.sequence(Der.identifier(identifier), Der.octets(value));
  }

  private static byte[] critical(String identifier, byte[] value) {
    return Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(value));
  }

  private static String pem(String kind, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
  }

  /** Written to a temporary file and moved: readers see the old or the new file. */
  private void write(Path file, String text) {
    try {
      // Only the owner can read a temporary file, as needed for keys.
      Path aside = Files.createTempFile(directory, file.getFileName().toString(), ".part");
      Files.write(aside, text.getBytes(UTF_8));
      Files.move(aside, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
