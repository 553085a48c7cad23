package io.streamfleet.worker.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.embedded.Certificates;
import io.streamfleet.embedded.RedisBinary;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Secret;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS with an authority of one's own and client certificates, all replaced while the worker runs.
 */
class TlsTest {

  private static final String MANIFEST =
      """
      redis: {url: "redis://127.0.0.1:6379"}
      inbound: {streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {builtin: Discard}}
      read: {block: 200ms}
      autoclaim: {interval: 300ms, minIdle: 1s}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void needsAServerThatSpeaksTls() {
    assumeThat(RedisBinary.find().supportsTls()).as("the server speaks TLS").isTrue();
  }

  /** As a mounted Secret: ca.crt, tls.crt and tls.key, replaced in place. */
  private void deliver(Certificates certificates) throws IOException {
    copy(certificates.ca(), "ca.crt");
    copy(certificates.clientCertificate(), "tls.crt");
    copy(certificates.clientKey(), "tls.key");
  }

  private void copy(Path from, String name) throws IOException {
    Files.copy(from, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private RedisSettings settings(RedisServer redis) {
    return new RedisSettings(
        redis.tlsUrl(),
        false,
        false,
        Duration.ofSeconds(1),
        () ->
            Credentials.of(
                Optional.empty(),
                Optional.empty(),
                Optional.of(Secret.folder(folder)),
                Optional.of(Secret.folder(folder))),
        true,
        "test");
  }

  @Test
  void aRotatedAuthorityAndClientCertificateNeedNoRestart() throws Exception {
    Certificates certificates = Certificates.in(Files.createDirectory(folder.resolve("made")));
    deliver(certificates);
    RecordingHandler handler = RecordingHandler.instant();
    try (RedisServer redis =
            RedisServer.builder()
                .appendOnly(RedisServer.Fsync.ALWAYS)
                .tls(certificates, RedisServer.ClientCertificates.REQUIRED)
                .start();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker = TestWorker.start(MANIFEST, "w1", handler, settings(redis))) {
      traffic.publish("in", "c");
      await().until(() -> handler.finished().size() == 1);

      certificates.replaceAuthority();
      redis.stop();
      redis.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> !worker.ready());
      deliver(certificates);
      traffic.publish("in", "c");

      await().atMost(Duration.ofSeconds(20)).until(() -> handler.finished().size() == 2);
      await().atMost(Duration.ofSeconds(20)).until(worker::ready);
      assertThat(worker.ended()).isFalse();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
    Certificates ours = Certificates.in(Files.createDirectory(folder.resolve("ours")));
    Certificates theirs = Certificates.in(Files.createDirectory(folder.resolve("theirs")));
    deliver(ours);
    try (RedisServer redis =
            RedisServer.builder().tls(theirs, RedisServer.ClientCertificates.IGNORED).start();
        Traffic traffic = new Traffic(redis.url());
        TestWorker worker =
            TestWorker.launch(MANIFEST, "w1", RecordingHandler.instant(), settings(redis))) {
      await()
          .until(
              () -> worker.metric("streamfleet_redis_errors_total", "operation", "connect") >= 2);
      assertThat(worker.ready()).isFalse();
      assertThat(traffic.redis().exists("in")).isZero();
    }
  }
}
