package io.streamfleet.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.api.Manifest;
import org.junit.jupiter.api.Test;

class LocalManifestTest {

  private static final LocalManifest.Redis EMBEDDED =
      new LocalManifest.Redis.Embedded("redis://127.0.0.1:1");
  private static final LocalManifest.Redis GIVEN =
      new LocalManifest.Redis.Given("rediss://redis.example:2");

  private static final String TLS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: redis, namespace: chat}
      ---
      apiVersion: streamfleet.io/v1alpha1
      kind: StreamConsumerGroup
      metadata: {name: chat, namespace: chat}
      spec:
        redis:
          url: rediss://redis:6379
          commandTimeout: 3s
          credentialsSecret: {name: redis}
          tls: {caSecret: {name: redis}}
        inbound: {handler: {builtin: Log}}
      """;

  @Test
  void theRedisThatComesAlongNeedsNeitherSecretsNorTls() {
    LocalManifest read = LocalManifest.read(TLS, EMBEDDED);
    assertThat(read.documents().getLast().at("/spec/redis"))
        .hasToString("{\"url\":\"redis://127.0.0.1:1\",\"commandTimeout\":\"3s\"}");
    assertThat(read.aside()).singleElement().asString().contains("credentialsSecret, tls");
    assertThat(read.namespaces()).containsExactly("chat");
    assertThat(read.text()).startsWith("---\n{\"apiVersion\":\"v1\",\"kind\":\"Secret\"");
  }

  @Test
  void aRedisThatIsGivenIsReachedAsTheManifestSays() {
    LocalManifest read = LocalManifest.read(TLS, GIVEN);
    assertThat(read.aside()).isEmpty();
    assertThat(read.fleets().getFirst().spec().redis().url()).isEqualTo("rediss://redis.example:2");
    assertThat(read.fleets().getFirst().spec().redis().credentialsSecret()).isNotNull();
  }

  @Test
  void aBareSpecBecomesAResource() {
    LocalManifest read =
        LocalManifest.read(
            "{redis: {url: 'redis://r:6379'}, inbound: {handler: {builtin: Log}}}", EMBEDDED);
    assertThat(read.fleets()).extracting(Manifest::name).containsExactly("streamfleet");
    assertThat(read.documents().getFirst().at("/metadata/name").asText()).isEqualTo("streamfleet");
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingIsStarted() {
    assertThatThrownBy(() -> LocalManifest.check("a: [")).isInstanceOf(LocalFailure.class);
    assertThatThrownBy(() -> LocalManifest.check("- a")).hasMessageContaining("must be a mapping");
    assertThatThrownBy(() -> LocalManifest.check("{apiVersion: v1, kind: Secret}"))
        .hasMessageContaining("no StreamConsumerGroup");
    assertThatThrownBy(
            () -> LocalManifest.check("{redis: {url: 'redis://r:6379'}, inbound: {handlr: {}}}"))
        .hasMessageContaining("inbound.handlr: unknown field");
  }
}
