package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.worker.channel.LockToken;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which pipelines a manifest asks for. */
class PipelinePlanTest {

  private static final String REDIS = "redis: {url: 'redis://127.0.0.1:6379'}\n";
  private static final String INBOUND =
      "inbound: {streams: [a, b], group: g, handler: {builtin: Discard}}\n";
  private static final String OUTBOUND =
      """
      outbound:
        platforms: [chat, mail]
        streamTemplate: "out:{platform}"
        group: "g:{platform}"
        maxLength: 7
        handler: {builtin: Discard}
      """;

  @Test
  void allInboundStreamsShareOneAndEachPlatformHasItsOwn() {
    List<PipelineSettings> pipelines = ManifestSettings.all(REDIS + INBOUND + OUTBOUND, 0);

    assertThat(pipelines)
        .extracting(PipelineSettings::name)
        .containsExactly("inbound", "outbound-chat", "outbound-mail");
    assertThat(pipelines)
        .extracting(settings -> settings.streams().stream().map(StreamConsumer::stream).toList())
        .containsExactly(List.of("a", "b"), List.of("out:chat"), List.of("out:mail"));
    assertThat(pipelines)
        .extracting(settings -> settings.streams().getFirst().group())
        .containsExactly("g", "g:chat", "g:mail");
  }

  @Test
  void entriesOfAChannelWaitForEachOtherInboundOnlyUnlessTheManifestSaysOtherwise() {
    assertThat(ManifestSettings.all(REDIS + INBOUND + OUTBOUND, 0))
        .extracting(PipelineSettings::ordered)
        .containsExactly(true, false, false);
  }

  @Test
  void noTwoPipelinesOfAProcessHaveOneLockToken() {
    assertThat(ManifestSettings.all(REDIS + INBOUND + OUTBOUND, 3))
        .extracting(PipelineSettings::lockToken)
        .containsExactly(
            new LockToken("w1", new UUID(0, 0), scope("a", "g"), 3),
            new LockToken("w1", new UUID(0, 0), scope("out:chat", "g:chat"), 4),
            new LockToken("w1", new UUID(0, 0), scope("out:mail", "g:mail"), 5));
  }

  /** What is read tells an earlier life of a consumer from another one of its name. */
  @Test
  void aLockTokenTellsWhatIsRead() {
    assertThat(scope("a", "bc")).isEqualTo(scope("a", "bc")).isNotEqualTo(scope("ab", "c"));
  }

  private static LockScope scope(String stream, String group) {
    return LockScope.of(new ConsumerGroup(stream, group));
  }

  @Test
  void emissionsUseTheOutboundSettings() {
    PipelineSettings inbound = ManifestSettings.all(REDIS + INBOUND + OUTBOUND, 0).getFirst();

    assertThat(inbound.outboundStream().apply("chat")).isEqualTo("out:chat");
    assertThat(inbound.outboundMaxLength()).isEqualTo(7);
  }

  @Test
  void emissionsUseDefaultsWithoutAnOutboundSection() {
    PipelineSettings inbound = ManifestSettings.all(REDIS + INBOUND, 0).getFirst();

    assertThat(inbound.outboundStream().apply("chat")).isEqualTo("sg:stream:outbound:chat");
    assertThat(inbound.outboundMaxLength()).isEqualTo(100_000);
  }
}
