package io.streamfleet.redis;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.embedded.Certificates;
import io.streamfleet.embedded.Certificates.KeyForm;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.embedded.RedisServer.ClientCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passwords and certificates come from memory, and may change while connections are up. */
class RotationTest {

  private static final Duration AMPLE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private static RedisConnector to(String url, Supplier<Credentials> credentials) {
    return RedisConnector.to(
        new RedisSettings(url, false, false, Duration.ofSeconds(2), credentials, true, "test"),
        Duration.ZERO);
  }

  private static Credentials password(String password) {
    return Credentials.of(
        Optional.of(Secret.of("login", Map.of("password", password.getBytes(UTF_8)))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Credentials tls(Certificates certificates) {
    try {
      Map<String, byte[]> data =
          Map.of(
              "ca.crt", Files.readAllBytes(certificates.ca()),
              "tls.crt", Files.readAllBytes(certificates.clientCertificate()),
              "tls.key", Files.readAllBytes(certificates.clientKey()));
      Optional<Secret> secret = Optional.of(Secret.of("tls", data));
      return Credentials.of(Optional.empty(), Optional.empty(), secret, secret);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String ping(Link link) {
    return result(link.status(CommandType.PING, Link.args()));
  }

  @Test
  void aPasswordIsAskedForAtEachConnectAndReconnect() {
    AtomicReference<Credentials> now = new AtomicReference<>(password("wrong"));
    try (RedisServer redis = RedisServer.builder().password("first").start();
        RedisConnector connector = to(redis.url(), now::get)) {
      assertThat(failure(connector.connectAsync(AMPLE)))
          .isInstanceOf(RedisConnectionException.class);

      now.set(password("first"));
      Link link = result(connector.connectAsync(AMPLE));
      assertThat(ping(link)).isEqualTo("PONG");

      result(
          link.status(CommandType.CONFIG, Link.args().add("SET").add("requirepass").add("second")));
      assertThat(failure(connector.connectAsync(AMPLE)))
          .isInstanceOf(RedisConnectionException.class);
      now.set(password("second"));
      Link other = result(connector.connectAsync(AMPLE));
      result(other.number(CommandType.CLIENT, Link.args().add("KILL").add("TYPE").add("normal")));

      await().atMost(AMPLE).untilAsserted(() -> assertThat(ping(link)).isEqualTo("PONG"));
    }
  }

  @Test
  void aUrlMayCarryThePasswordThatNobodyElseGave() {
    try (RedisServer redis = RedisServer.builder().password("p").start();
        RedisConnector connector =
            to(redis.url().replace("redis://", "redis://default:p@"), () -> Credentials.NONE)) {
      assertThat(ping(result(connector.connectAsync(AMPLE)))).isEqualTo("PONG");
    }
  }

  @Test
  void aSourceThatFailsFailsTheConnectAndThrowsNothing() {
    try (RedisServer redis = RedisServer.plain();
        RedisConnector connector =
            to(
                redis.url(),
                () -> {
                  throw new IllegalStateException("the Secret is gone");
                })) {
      assertThat(failure(connector.connectAsync(AMPLE)))
          .hasStackTraceContaining("the Secret is gone");
    }
  }

  @Test
  void certificatesComeFromMemoryAndAreAskedForAtEachHandshake() throws IOException {
    assumeThat(RedisBinary.find().supportsTls()).as("the server speaks TLS").isTrue();
    Certificates certificates = Certificates.in(folder);
    AtomicReference<Credentials> now = new AtomicReference<>(tls(certificates));
    try (RedisServer redis =
            RedisServer.builder().tls(certificates, ClientCertificates.REQUIRED).start();
        RedisConnector connector = to(redis.tlsUrl(), now::get)) {
      Link link = result(connector.connectAsync(AMPLE));
      assertThat(ping(link)).isEqualTo("PONG");

      certificates.replaceAuthority();
      redis.stop();
      redis.start();
      assertThat(failure(connector.connectAsync(AMPLE)))
          .isInstanceOf(RedisConnectionException.class);

      now.set(tls(certificates));
      await().atMost(AMPLE).untilAsserted(() -> assertThat(ping(link)).isEqualTo("PONG"));
      assertThat(ping(result(connector.connectAsync(AMPLE)))).isEqualTo("PONG");
    }
  }

  @Test
  void withoutAnAuthorityTheSystemsAreTrustedAndOursIsNoneOfThem() {
    assumeThat(RedisBinary.find().supportsTls()).as("the server speaks TLS").isTrue();
    Certificates certificates = Certificates.in(folder);
    try (RedisServer redis =
            RedisServer.builder().tls(certificates, ClientCertificates.IGNORED).start();
        RedisConnector connector = to(redis.tlsUrl(), () -> Credentials.NONE)) {
      assertThat(failure(connector.connectAsync(AMPLE)))
          .hasStackTraceContaining("certification path");
    }
  }

  /** What cert-manager writes by default, and what openssl does. */
  @ParameterizedTest
  @EnumSource(KeyForm.class)
  void aClientsKeyMayBeInAnyOfItsForms(KeyForm form) {
    assumeThat(RedisBinary.find().supportsTls()).as("the server speaks TLS").isTrue();
    Certificates certificates = Certificates.in(folder);
    certificates.reissueClient(form);
    try (RedisServer redis =
            RedisServer.builder().tls(certificates, ClientCertificates.REQUIRED).start();
        RedisConnector connector = to(redis.tlsUrl(), () -> tls(certificates))) {
      assertThat(ping(result(connector.connectAsync(AMPLE)))).isEqualTo("PONG");
      assertThat(ping(connector.connect())).isEqualTo("PONG");
    }
  }

  @Test
  void whyACertificateCannotBeUsedIsToldByWhoeverConnectsAndReconnects() throws IOException {
    assumeThat(RedisBinary.find().supportsTls()).as("the server speaks TLS").isTrue();
    Certificates certificates = Certificates.in(folder);
    try (RedisServer redis =
            RedisServer.builder().tls(certificates, ClientCertificates.REQUIRED).start();
        RedisConnector connector = to(redis.tlsUrl(), () -> tls(certificates));
        LogLines lines = LogLines.of(Obstacle.class)) {
      Link link = result(connector.connectAsync(AMPLE));
      String good = Files.readString(certificates.clientKey());
      Files.writeString(certificates.clientKey(), good.replace("PRIVATE", "ENCRYPTED PRIVATE"));

      assertThat(Failures.line(failure(connector.connectAsync(AMPLE))))
          .startsWith("the Secret tls, key tls.key: is encrypted");
      redis.stop();
      redis.start();
      await().atMost(AMPLE).until(() -> lines.matching("tls.key: is encrypted") == 1);
      Files.writeString(certificates.clientKey(), good);

      await().atMost(AMPLE).untilAsserted(() -> assertThat(ping(link)).isEqualTo("PONG"));
      assertThat(lines.matching("tls.key: is encrypted")).isEqualTo(1);
    }
  }
}
