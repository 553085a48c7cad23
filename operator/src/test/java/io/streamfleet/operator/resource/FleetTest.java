package io.streamfleet.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.redis.group.ConsumerGroup;
import org.junit.jupiter.api.Test;

class FleetTest {

  private static final KubernetesSerialization FABRIC8 = new KubernetesSerialization();

  @Test
  void whatAServerOfAnOlderReleaseDoesNotFillInIsFilledIn() {
    StreamConsumerGroup resource =
        FABRIC8.unmarshal(
            """
            apiVersion: streamfleet.io/v1alpha1
            kind: StreamConsumerGroup
            metadata: {name: stargazer, namespace: chat, uid: "1", generation: 7}
            spec:
              redis: {url: "redis://redis:6379", protocol: Resp3, commandTimeout: 10s}
              outbound:
                platforms: [discord]
                streamTemplate: "out:{platform}"
                group: g
                startFrom: End
                handler: {builtin: Log}
            """,
            StreamConsumerGroup.class);
    Fleet fleet = Fleet.of(resource);
    assertThat(fleet.generation()).isEqualTo(7);
    assertThat(fleet.spec().autoclaim().maxDeliveries()).isEqualTo(3);
    assertThat(fleet.spec().workers().replicas()).isEqualTo(1);
    assertThat(fleet.groups())
        .containsExactly(
            new DeclaredGroup(
                StreamDirection.OUTBOUND, new ConsumerGroup("out:discord", "g"), "End", false));
  }

  @Test
  void whatTheSchemaWouldRefuseIsRefusedWithAllThatIsWrong() {
    ObjectNode spec = new ObjectMapper().valueToTree(Manifest.read(Fleets.MINIMAL).spec());
    spec.withObject("/workers").put("replicas", -1);
    spec.withObject("/deadLetter").put("stream", "sg:stream:inbound");
    StreamConsumerGroup resource = Fleets.resource(Manifest.read(Fleets.MINIMAL));
    resource.setSpec(new ObjectMapper().convertValue(spec, StreamConsumerGroupSpec.class));
    assertThatThrownBy(() -> Fleet.of(resource))
        .isInstanceOf(InvalidManifest.class)
        .hasMessageContaining("spec.workers.replicas: must be between 0 and 1000, found -1")
        .hasMessageContaining("deadLetter.stream must not be one of inbound.streams");
  }

  @Test
  void aResourceWithoutASpecIsRefused() {
    StreamConsumerGroup resource = Fleets.resource(Manifest.read(Fleets.MINIMAL));
    resource.setSpec(null);
    assertThatThrownBy(() -> Fleet.of(resource)).hasMessage("spec: must be set, to a mapping");
  }

  @Test
  void bothDirectionsDeclareTheirGroupsInTheOrderOfTheSpec() {
    Fleet fleet =
        Fleets.of(
            """
            redis: {url: "redis://redis:6379"}
            inbound: {streams: [b, a], group: in, startFrom: "5-1", handler: {builtin: Log}}
            outbound:
              platforms: [matrix, discord]
              group: "g:{platform}"
              handler: {builtin: Log}
              pausedPlatforms: [matrix]
            """);
    assertThat(fleet.groups())
        .containsExactly(
            new DeclaredGroup(StreamDirection.INBOUND, new ConsumerGroup("b", "in"), "5-1", false),
            new DeclaredGroup(StreamDirection.INBOUND, new ConsumerGroup("a", "in"), "5-1", false),
            new DeclaredGroup(
                StreamDirection.OUTBOUND,
                new ConsumerGroup("sg:stream:outbound:matrix", "g:matrix"),
                "Beginning",
                true),
            new DeclaredGroup(
                StreamDirection.OUTBOUND,
                new ConsumerGroup("sg:stream:outbound:discord", "g:discord"),
                "Beginning",
                false));
    assertThat(fleet.paused()).contains("matrix");
    assertThat(fleet.deadLetterStream()).isEqualTo("sg:stream:dlq");
  }
}
