package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.streamfleet.embedded.Certificates;
import io.streamfleet.handler.HandlerUnavailable;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints with TLS, by the trust of this JVM, which nothing else in these tests goes by. */
@Timeout(60)
class HttpTlsTest {

  private static final char[] NO_PASSWORD = {};

  @TempDir private Path folder;
  private SSLContext before;
  private HttpsServer server;

  @BeforeEach
  void open() throws Exception {
    before = SSLContext.getDefault();
    Certificates certificates = Certificates.in(folder);
    server = HttpsServer.create(new InetSocketAddress(0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(serving(certificates)));
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().skip(Long.MAX_VALUE);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    SSLContext.setDefault(trusting(certificates));
  }

  @AfterEach
  void close() {
    SSLContext.setDefault(before);
    server.stop(0);
  }

  @Test
  void oneWithATrustedCertificateIsPostedTo() throws Exception {
    try (HttpHandler handler = handler("localhost")) {
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
      assertThat(handler.handle(ReceivedMessage.inbound()).outbound()).isEmpty();
    }
  }

  @Test
  void oneWithACertificateForAnotherNameIsNot() {
    // Loopback as well, but not in the certificate.
    try (HttpHandler handler = handler("127.0.0.2")) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class)
          .hasMessageStartingWith("no TLS with https://127.0.0.2:");
    }
  }

  @Test
  void oneThatNobodyVouchesForIsNot() {
    SSLContext.setDefault(before);
    try (HttpHandler handler = handler("localhost")) {
      assertThatThrownBy(() -> handler.handle(ReceivedMessage.inbound()))
          .isInstanceOf(HandlerUnavailable.class)
          .hasMessageStartingWith("no TLS with https://localhost:");
    }
  }

  private HttpHandler handler(String host) {
    return new HttpHandler(
        Endpoint.of("https://" + host + ":" + server.getAddress().getPort() + "/", Map.of()),
        Duration.ofSeconds(30),
        "worker-0",
        ExchangeMemory.ofThisProcess(),
        Clock.systemUTC(),
        new AnswerWarnings(doubt -> {}));
  }

  private static SSLContext serving(Certificates certificates) throws Exception {
    String pem = Files.readString(certificates.serverKey()).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(
        "server",
        key,
        NO_PASSWORD,
        new Certificate[] {certificate(certificates.serverCertificate())});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static SSLContext trusting(Certificates certificates) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    store.setCertificateEntry("ca", certificate(certificates.ca()));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static Certificate certificate(Path file) throws Exception {
    try (var bytes = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    }
  }
}
