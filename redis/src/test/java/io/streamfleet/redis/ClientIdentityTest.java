package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.streamfleet.embedded.Certificates;
import io.streamfleet.embedded.Certificates.KeyForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is wrong with a client's certificate and key is told before a server says that it is bad.
 */
class ClientIdentityTest {

  private final Instant now = Instant.now();

  @TempDir private Path folder;

  private Certificates certificates;
  private String chain = "";
  private String key = "";

  @BeforeEach
  void make() throws IOException {
    certificates = Certificates.in(folder);
    chain = Files.readString(certificates.clientCertificate());
    key = Files.readString(certificates.clientKey());
  }

  private static Secret secret(byte[] chain, byte[] key) {
    return Secret.of("tls", Map.of("tls.crt", chain, "tls.key", key));
  }

  private static void refused(byte[] chain, byte[] key, Instant at, String... says) {
    assertThatExceptionOfType(UnusableSecret.class)
        .isThrownBy(() -> ClientIdentity.of(secret(chain, key), at))
        .withMessageContainingAll(says);
  }

  private void refused(String chain, String key, String... says) {
    refused(chain.getBytes(US_ASCII), key.getBytes(US_ASCII), now, says);
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  @ParameterizedTest
  @EnumSource(KeyForm.class)
  void everyFormOfAKeyIsTaken(KeyForm form) throws IOException {
    certificates.reissueClient(form);

    ClientCertificate read =
        ClientIdentity.of(
            secret(
                Files.readAllBytes(certificates.clientCertificate()),
                Files.readAllBytes(certificates.clientKey())),
            now);

    assertThat(read.key().getAlgorithm()).isEqualTo(form == KeyForm.RSA_PKCS1 ? "RSA" : "EC");
    assertThat(read.chain()).hasSize(1);
    assertThat(read.toString()).isEqualTo("ClientCertificate[hidden]");
  }

  @Test
  void openSslMayHavePutItsParametersInFront() {
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    assertThat(
            ClientIdentity.of(
                    secret(chain.getBytes(US_ASCII), (parameters + key).getBytes(US_ASCII)), now)
                .chain())
        .hasSize(1);
  }

  @Test
  void certificatesMayStandInAnyOrder() throws IOException {
    String authority = Files.readString(certificates.ca());
    String stranger = Files.readString(certificates.serverCertificate());

    List<X509Certificate> read =
        ClientIdentity.of(
                secret(
                    (stranger + authority + "a comment\n" + chain).getBytes(US_ASCII),
                    key.getBytes(US_ASCII)),
                now)
            .chain();

    assertThat(read)
        .extracting(certificate -> certificate.getSubjectX500Principal().getName())
        .satisfiesExactly(
            own -> assertThat(own).isEqualTo("CN=streamfleet client"),
            above -> assertThat(above).startsWith("CN=streamfleet test authority"));
  }

  @Test
  void aKeyOfAnotherCertificateIsSaid() throws IOException {
    refused(
        chain,
        Files.readString(certificates.serverKey()),
        "the Secret tls, key tls.key: does not belong to the certificate under tls.crt");
    certificates.reissueClient(KeyForm.RSA_PKCS1);
    refused(chain, Files.readString(certificates.clientKey()), "does not belong");
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, is encrypted",
    "OPENSSH PRIVATE KEY, is a OPENSSH PRIVATE KEY",
    "DSA PRIVATE KEY, is a DSA PRIVATE KEY",
    "EC PRIVATE KEY, does not name its curve",
    "RSA PRIVATE KEY, cannot be read as a private key",
    "PUBLIC KEY, holds no private key"
  })
  void aKeyThatCannotBeUsedIsSaidWithWhatToDo(String heading, String problem) {
    refused(chain, key.replace("PRIVATE KEY", heading), "the Secret tls, key tls.key: ", problem);
  }

  @Test
  void anEncryptedKeyOfTheOldFormIsSaid() {
    refused(
        chain,
        key.replace(
                "BEGIN PRIVATE KEY-----", "BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n")
            .replace("END PRIVATE", "END RSA PRIVATE"),
        "is encrypted",
        "openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void whatIsNoPemIsSaid() {
    byte[] pem = key.getBytes(US_ASCII);
    refused(chain.getBytes(US_ASCII), der(key), now, "tls.key: is DER", "openssl pkey -inform der");
    refused(der(chain), pem, now, "tls.crt: is DER", "openssl x509 -inform der");
    refused(chain, key.substring(0, 40), "tls.key: is no PEM, or cut off");
    refused(chain, "  \n", "has nothing under the key tls.key");
    refused("", key, "has nothing under the key tls.crt");
    refused(key, key, "tls.crt: holds no certificate");
    refused(chain.replaceFirst("M", "*"), key, "tls.crt: has a CERTIFICATE that is no Base64");
    refused(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        key,
        "tls.crt: holds a certificate that cannot be read");
  }

  @Test
  void aCertificateThatIsNotOfThisTimeIsSaid() {
    byte[] own = chain.getBytes(US_ASCII);
    refused(own, key.getBytes(US_ASCII), now.plus(Duration.ofDays(9)), "the certificate expired");
    refused(own, key.getBytes(US_ASCII), now.minus(Duration.ofDays(9)), "is valid from");
  }

  @Test
  void anAuthorityThatIsNoneIsSaid() {
    Optional<Secret> none = Optional.empty();
    Secret wrong = Secret.of("ca", Map.of("ca.crt", key.getBytes(US_ASCII)));

    assertThatExceptionOfType(UnusableSecret.class)
        .isThrownBy(() -> Credentials.of(none, none, Optional.of(wrong), none))
        .withMessageStartingWith("the Secret ca, key ca.crt: holds no certificate");
  }
}
