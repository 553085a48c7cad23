package io.streamfleet.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.embedded.RedisServer.ClientCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

  private final Path directory;
  private final Certificates certificates;

  CertificatesTest(@TempDir Path directory) {
    this.directory = directory;
    this.certificates = Certificates.in(directory);
  }

  @Test
  void letAServerAndAClientTrustEachOther() throws Exception {
    try (RedisServer redis = server(ClientCertificates.REQUIRED)) {
      assertThat(redis.tlsUrl()).isEqualTo("rediss://127.0.0.1:" + redis.tlsPort() + "/0");
      assertThat(pingOverTls(redis.tlsPort(), true)).isEqualTo("+PONG");
      assertThatThrownBy(() -> pingOverTls(redis.tlsPort(), false)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void passAFaultyLink() throws Exception {
    try (RedisServer redis = server(ClientCertificates.OPTIONAL);
        FaultyLink link = FaultyLink.to(redis.tlsPort())) {
      assertThat(link.tlsUrl()).startsWith("rediss://").endsWith(link.port() + "/0");
      assertThat(pingOverTls(link.port(), false)).isEqualTo("+PONG");
    }
  }

  @Test
  void keepTheAuthorityWhenReissuedButNotWhenItIsReplaced() throws Exception {
    try (RedisServer redis = server(ClientCertificates.IGNORED)) {
      X509Certificate first = read(certificates.serverCertificate());
      certificates.reissue();
      assertThat(read(certificates.serverCertificate()).getSerialNumber())
          .isNotEqualTo(first.getSerialNumber());
      assertThat(pingOverTls(redis.tlsPort(), false)).isEqualTo("+PONG");
      redis.stop();
      redis.start();
      assertThat(pingOverTls(redis.tlsPort(), true)).isEqualTo("+PONG");

      certificates.replaceAuthority();
      assertThatThrownBy(() -> pingOverTls(redis.tlsPort(), false))
          .isInstanceOf(SSLException.class);
      redis.stop();
      redis.start();
      assertThat(pingOverTls(redis.tlsPort(), true)).isEqualTo("+PONG");
    }
  }

  @Test
  void areValidForAWeekAroundTheTimeTheyAreTold() throws Exception {
    Instant past = Instant.parse("2001-02-03T04:05:06Z");
    Certificates old = Certificates.in(directory, InstantSource.fixed(past));
    X509Certificate server = read(old.serverCertificate());
    assertThat(server.getNotBefore()).isEqualTo(past.minus(Duration.ofHours(1)));
    assertThat(server.getNotAfter()).isEqualTo(past.plus(Duration.ofDays(7)));
    assertThat(server.getSubjectAlternativeNames()).hasSize(2);
    try (RedisServer redis = server(ClientCertificates.IGNORED)) {
      assertThatThrownBy(() -> pingOverTls(redis.tlsPort(), false))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void leaveKeysToTheirOwnerOnly() throws Exception {
    assertThat(Files.getPosixFilePermissions(certificates.serverKey()))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(5);
    }
  }

  private RedisServer server(ClientCertificates clients) {
    return RedisServer.builder().tls(certificates, clients).start();
  }

  private String pingOverTls(int port, boolean withCertificate) throws Exception {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", read(certificates.ca()));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore own = emptyStore();
    if (withCertificate) {
      Certificate[] chain = {read(certificates.clientCertificate())};
      own.setKeyEntry("client", key(certificates.clientKey()), new char[0], chain);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("PING\r\n".getBytes(UTF_8));
      byte[] reply = socket.getInputStream().readNBytes(5);
      if (reply.length == 0) {
        throw new IOException("closed by the server");
      }
      return new String(reply, UTF_8);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static X509Certificate read(Path file) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    byte[] bytes = Base64.getMimeDecoder().decode(base64);
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
  }
}
