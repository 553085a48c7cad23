package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamfleet.api.Manifest;
import io.streamfleet.operator.event.Announcer;
import io.streamfleet.operator.redis.RedisSight;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is seen of Redis makes its resource be looked at when somebody would act on it. */
class RedisNewsTest {

  private static final Fleet FLEET =
      new Fleet(
          "ns",
          "chat",
          "uid",
          1,
          Manifest.read(
                  """
                  redis: {url: "redis://r.ns:6379"}
                  inbound: {handler: {builtin: Discard}}
                  """)
              .spec());

  @AutoClose private final KubernetesClient client = new KubernetesClientBuilder().build();
  private final List<FleetId> looked = new ArrayList<>();
  private final RedisNews news =
      new RedisNews(new Announcer(client, Clock.systemUTC(), "test", () -> {}), looked::add);

  private static RedisSight pending(long entries) {
    return new RedisSight.Seen(
        List.of(
            new ObservedGroup(
                new ConsumerGroup("in", "g"),
                ObservedGroup.Presence.PRESENT,
                OptionalLong.of(1_000),
                OptionalLong.of(entries),
                OptionalLong.of(0),
                Optional.empty(),
                List.of(),
                Optional.empty())),
        OptionalLong.of(0));
  }

  /** From 100 to 300, and nobody would hear of it. */
  @Test
  void smallStepsAddUp() {
    news.seen(FLEET, new RedisSight.Untried(), pending(100));
    looked.clear();

    for (long entries = 100; entries < 300; entries += 10) {
      news.seen(FLEET, pending(entries), pending(entries + 10));
    }

    assertThat(looked).hasSizeBetween(3, 8);
  }

  @Test
  void whatNobodyWouldActOnMakesNoWork() {
    news.seen(FLEET, new RedisSight.Untried(), pending(100));
    looked.clear();

    news.seen(FLEET, pending(100), pending(110));
    news.seen(FLEET, pending(110), pending(100));

    assertThat(looked).isEmpty();
  }
}
