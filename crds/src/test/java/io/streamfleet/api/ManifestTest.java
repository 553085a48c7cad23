package io.streamfleet.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {

  private static final String BARE =
      """
      redis: {url: "redis://localhost"}
      inbound: {handler: {builtin: Log}}
      """;
  private static final String WHOLE =
      """
      apiVersion: streamfleet.io/v1alpha1
      kind: StreamConsumerGroup
      metadata: {name: stargazer, namespace: bots, labels: {a: b}}
      spec:
        redis: {url: "redis://localhost"}
        outbound: {platforms: [discord], handler: {builtin: Log}}
      status: {anything: goes}
      """;

  @Test
  void aWholeResourceHasItsNameAndNamespace() {
    Manifest manifest = Manifest.read(WHOLE);
    assertThat(manifest.name()).isEqualTo("stargazer");
    assertThat(manifest.namespace()).isEqualTo("bots");
  }

  @Test
  void aBareSpecIsEnough() {
    Manifest manifest = Manifest.read(BARE);
    assertThat(manifest.name()).isEqualTo("streamfleet");
    assertThat(manifest.namespace()).isNull();
    assertThat(manifest.spec().outbound()).isNull();
  }

  @Test
  void everythingElseHasItsDefault() {
    StreamConsumerGroupSpec spec = Manifest.read(BARE).spec();
    assertThat(spec.read()).isEqualTo(new ReadSpec(100, Duration.ofSeconds(5), 256, null));
    assertThat(spec.autoclaim())
        .isEqualTo(new AutoclaimSpec(Duration.ofSeconds(30), Duration.ofSeconds(60), 100, 3));
    assertThat(spec.retry())
        .isEqualTo(new RetrySpec(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
    assertThat(spec.deadLetter()).isEqualTo(new DeadLetterSpec("sg:stream:dlq", 5000));
    assertThat(spec.trace())
        .isEqualTo(
            new TraceSpec(true, "sg:trace:{trace_id}", "sg:traces:active", Duration.ofHours(24)));
    assertThat(spec.redis().protocol()).isEqualTo(Protocol.Resp3);
    assertThat(spec.deletionPolicy()).isEqualTo(DeletionPolicy.Retain);
    assertThat(spec.workers().drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spec.workers().env()).isEmpty();
    assertThat(spec.workers().resources().isEmpty()).isTrue();
    assertThat(spec.consumers())
        .isEqualTo(new ConsumersSpec(ConsumerCleanup.Own, Duration.ofHours(1)));
  }

  @Test
  void inboundIsOrderedByChannelAndOutboundIsNot() {
    StreamConsumerGroupSpec spec =
        Manifest.read(
                BARE
                    + "outbound: {platforms: [a], handler: {builtin: Log}, ordering: {lockTtl: 5s}}")
            .spec();
    assertThat(requireNonNull(spec.inbound()).ordering().mode()).isEqualTo(OrderingMode.Channel);
    assertThat(requireNonNull(spec.inbound()).streams()).containsExactly("sg:stream:inbound");
    assertThat(requireNonNull(spec.outbound()).ordering())
        .isEqualTo(
            new OrderingSpec(
                OrderingMode.None,
                "channel_id",
                Duration.ofSeconds(5),
                "sg:lock:outbound:{platform}:{channel}"));
  }

  /** The originals lock inbound channels by that key; nobody of them locks outbound ones. */
  @Test
  void channelsOfTheTwoDirectionsDoNotShareALock() {
    StreamConsumerGroupSpec spec =
        Manifest.read(
                BARE
                    + "outbound: {platforms: [a], handler: {builtin: Log}, ordering: {mode: Channel}}")
            .spec();
    assertThat(requireNonNull(spec.inbound()).ordering().lockTemplate())
        .isEqualTo("sg:lock:channel:{channel}");
    assertThat(requireNonNull(spec.outbound()).ordering().lockTemplate())
        .isEqualTo("sg:lock:outbound:{platform}:{channel}");
  }

  @Test
  void theGroupOfAPlatformMayBeATemplate() {
    OutboundSpec outbound =
        requireNonNull(
            Manifest.read(
                    BARE
                        + "outbound: {platforms: [a], handler: {builtin: Log}, group: 'g:{platform}'}")
                .spec()
                .outbound());
    assertThat(outbound.groupOf("a")).isEqualTo("g:a");
    assertThat(outbound.streamOf("a")).isEqualTo("sg:stream:outbound:a");
  }

  /** Who emits without an outbound side goes by the same defaults as who has one. */
  @Test
  void theDefaultsOfOutboundStreamsAreTheSameWithoutAnOutboundSide() {
    OutboundSpec outbound =
        requireNonNull(
            Manifest.read(BARE + "outbound: {platforms: [a], handler: {builtin: Log}}")
                .spec()
                .outbound());
    assertThat(OutboundSpec.defaultStreamOf("a")).isEqualTo(outbound.streamOf("a"));
    assertThat(OutboundSpec.DEFAULT_MAX_LENGTH).isEqualTo(outbound.maxLength());
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    Manifest manifest =
        Manifest.read(
            WHOLE
                .replace(
                    "{platforms: [discord], handler: {builtin: Log}}",
                    "{platforms: [discord], handler: {class: a.B, options: {yes: 'no', n: '010'}}}")
                .replace(
                    "  outbound",
                    "  workers: {resources: {limits: {cpu: 1, memory: 1.5}}, drainTimeout: 1m30s5ms}\n  outbound"));
    assertThat(Manifest.read(manifest.toYaml())).isEqualTo(manifest);
    assertThat(manifest.toYaml()).contains("drainTimeout: 1m30s5ms").doesNotContain("null");
  }

  @Test
  void violationsOfABareSpecStartWhereItStarts() {
    refusing(BARE + "pausd: true", "pausd: unknown field, did you mean paused?");
  }

  @Test
  void somethingElseThanAStreamConsumerGroupIsRefused() {
    refusing(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nspec: {x: 1}",
        "apiVersion: must be streamfleet.io/v1alpha1",
        "kind: must be StreamConsumerGroup");
  }

  @Test
  void whatIsAroundTheSpecIsCheckedTogetherWithIt() {
    refusing(
        WHOLE
            .replace("stargazer", "Star_Gazer")
            .replace("status:", "statu:")
            .replace("namespace: bots", "namespace: 1")
            .replace("Log", "Lag"),
        "statu: unknown field, did you mean status?",
        "metadata.name: must be a name in lower case letters, digits, - and ., such as stargazer",
        "metadata.namespace: must be a text",
        "spec.outbound.handler.builtin: must be one of Discard, Echo, Log, did you mean Log?");
  }

  @Test
  void aResourceWithoutSpecIsRefused() {
    refusing(
        "apiVersion: streamfleet.io/v1alpha1\nkind: StreamConsumerGroup\nmetadata: {name: a}",
        "spec: must be set, to a mapping");
  }

  @Test
  void oneManifestIsOneDocument() {
    refusing(
        BARE + "---\n" + BARE,
        "must hold one document, a StreamConsumerGroup or its spec; found 2");
    refusing(
        "# nothing", "must hold one document, a StreamConsumerGroup or its spec; found nothing");
    refusing("- a", "must be a mapping, a StreamConsumerGroup or its spec");
    assertThat(Manifest.read("---\n" + BARE + "---\n").name()).isEqualTo("streamfleet");
  }

  @Test
  void brokenYamlIsRefusedWithLineAndColumn() {
    refusing("redis:\n  url: a: b", "line 2, column 9: mapping values are not allowed here");
    refusing("redis: {}\nredis: {}", "line 2, column 1: duplicate key redis");
    refusing("a: &x [*x]", "line 1, column 4: an anchor that contains itself");
    refusing("? [a]\n: b", "line 1, column 3: a key must be a plain text");
    refusing("a:\n  <<: b", "line 2, column 7: << needs a mapping");
  }

  @Test
  void anchorsAndMergesAreExpanded() {
    Manifest manifest =
        Manifest.read(
            """
            redis: {url: "redis://localhost"}
            inbound: &in {handler: &h {builtin: Log}, group: g}
            outbound: {<<: *in, platforms: [a], group: o}
            """);
    assertThat(requireNonNull(manifest.spec().outbound()).group()).isEqualTo("o");
    assertThat(requireNonNull(manifest.spec().outbound()).handler().builtin())
        .isEqualTo(Builtin.Log);
  }

  @Test
  void scalarsAreThoseOfKubectl() {
    Manifest manifest =
        Manifest.read(
            """
            redis: {url: "redis://localhost"}
            inbound: {handler: {class: a.B, options: {time: 1:30, day: 2026-11-23}}}
            paused: yes
            deadLetter: {maxLength: 1_000}
            read: {batchSize: 0x10, maxInFlight: 1e2}
            retry: {maxAttempts: 0b11}
            workers: {port: 017620}
            """);
    assertThat(manifest.spec().paused()).isTrue();
    assertThat(manifest.spec().deadLetter().maxLength()).isEqualTo(1000);
    assertThat(manifest.spec().read().batchSize()).isEqualTo(16);
    assertThat(manifest.spec().read().maxInFlight()).isEqualTo(100);
    assertThat(manifest.spec().retry().maxAttempts()).isEqualTo(3);
    assertThat(manifest.spec().workers().port()).isEqualTo(8080);
    assertThat(requireNonNull(manifest.spec().inbound()).handler().options())
        .isEqualTo(Map.of("time", "1:30", "day", "2026-11-23"));
  }

  @Test
  void aNumberBeyond64BitsIsTooLarge() {
    refusing(
        BARE + "deadLetter: {maxLength: 99999999999999999999}",
        "deadLetter.maxLength: must be between 0 and 1000000000000, found 99999999999999999999");
  }

  @Test
  void noCredentialIsRepeatedInWhatIsSaid() {
    assertThatThrownBy(() -> Manifest.read(BARE.replace("redis://", "redis//:hunter2@")))
        .isInstanceOf(InvalidManifest.class)
        .message()
        .doesNotContain("hunter2");
  }

  private static void refusing(String yaml, String... violations) {
    assertThatThrownBy(() -> Manifest.read(yaml))
        .isInstanceOfSatisfying(
            InvalidManifest.class,
            refused ->
                assertThat(refused.violations())
                    .extracting(Violation::toString)
                    .containsExactlyInAnyOrderElementsOf(List.of(violations)));
  }

  @Test
  void ofASpecOfAnotherReleaseWhatIsKnownCountsAndTheRestIsNamed() throws Exception {
    JsonNode spec =
        new ObjectMapper()
            .readTree(
                """
                {"redis": {"url": "redis://localhost", "warp": 9},
                 "inbound": {"handler": {"builtin": "Log"}},
                 "workers": {"env": [{"name": "A", "free": "form"}], "nodeSelector": {"any": "key"}},
                 "shiny": true}
                """);
    List<String> unknown = new ArrayList<>();

    JsonNode known = Manifest.known(spec, unknown::add);

    assertThat(unknown).containsExactly("spec.redis.warp", "spec.shiny");
    assertThat(known.at("/workers/env/0/free").asText()).isEqualTo("form");
    assertThat(known.at("/workers/nodeSelector/any").asText()).isEqualTo("key");
    assertThat(known.at("/workers/replicas").asInt()).isEqualTo(1);
    assertThat(Manifest.violations(known)).isEmpty();
  }
}
