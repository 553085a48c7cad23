package io.streamfleet.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.api.StreamStatus;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.redis.RedisObservation;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.FleetId;
import io.streamfleet.operator.status.WrittenNumbers;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is seen of Redis makes its resource be looked at when somebody would act on it. */
class RedisChangesTest {

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
  private final MovableClock clock = new MovableClock();
  private final WrittenNumbers told = new WrittenNumbers(clock);
  private final List<FleetId> looked = new ArrayList<>();
  private final RedisChanges news =
      new RedisChanges(
          new EventWriter(client, Clock.systemUTC(), "test", () -> {}), told, looked::add);

  private static RedisObservation pending(long entries) {
    return new RedisObservation.Seen(
        List.of(
            new ObservedGroup(
                new ConsumerGroup("in", "g"),
                ObservedGroup.Presence.PRESENT,
                OptionalLong.of(1_000),
                OptionalLong.of(entries),
                OptionalLong.of(0),
                OptionalLong.of(0),
                Optional.of(Duration.ZERO),
                Optional.empty(),
                List.of(),
                Optional.empty())),
        OptionalLong.of(0),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** From 100 to 300, and nobody would hear of it. */
  @Test
  void smallStepsAddUp() {
    news.seen(FLEET, new RedisObservation.Untried(), pending(100));
    looked.clear();

    for (long entries = 100; entries < 300; entries += 10) {
      news.seen(FLEET, pending(entries), pending(entries + 10));
    }

    assertThat(looked).hasSizeBetween(3, 8);
  }

  /** A tenth more is no news; that it is not told after some minutes is. */
  @Test
  void whatIsToldAndNotRightIsPutRightWhenItIsOldOnceEachTime() {
    news.seen(FLEET, new RedisObservation.Untried(), pending(100));
    looked.clear();

    for (int look = 0; look < 20; look++) {
      clock.forward(Duration.ofSeconds(10));
      news.seen(FLEET, pending(100), pending(110));
    }
    assertThat(looked).as("it was not told after two minutes").hasSize(1);

    for (int look = 0; look < 60; look++) {
      clock.forward(Duration.ofSeconds(10));
      news.seen(FLEET, pending(110), pending(110));
    }
    assertThat(looked).as("what is told is right by now").hasSize(1);
  }

  /** Something else had it written: what is told is 400 by then, whatever was news before. */
  @Test
  void aLookIsComparedWithWhatWasWritten() {
    news.seen(FLEET, new RedisObservation.Untried(), pending(100));
    told.reported(FLEET.id(), status(400), pending(400));
    looked.clear();

    news.seen(FLEET, pending(400), pending(110));

    assertThat(looked).containsExactly(FLEET.id());
  }

  private static StreamConsumerGroupStatus status(long pending) {
    return new StreamConsumerGroupStatus(
        1L,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        pending,
        0L,
        0L,
        null,
        List.of(new StreamStatus("in", "g", 1_000, pending, 0L, 0L, null, null, 0)),
        List.of(),
        List.of());
  }

  @Test
  void aServerThatBeginsToRefuseWritesIsNews() {
    news.seen(FLEET, new RedisObservation.Untried(), pending(100));
    looked.clear();

    RedisObservation.Seen seen = (RedisObservation.Seen) pending(100);
    news.seen(
        FLEET,
        seen,
        new RedisObservation.Seen(
            seen.groups(),
            seen.deadLetters(),
            Optional.empty(),
            Optional.of("OOM no room"),
            Optional.empty(),
            List.of()));

    assertThat(looked).containsExactly(FLEET.id());
  }

  @Test
  void whatNobodyWouldActOnMakesNoWork() {
    news.seen(FLEET, new RedisObservation.Untried(), pending(100));
    looked.clear();

    news.seen(FLEET, pending(100), pending(110));
    news.seen(FLEET, pending(110), pending(100));

    assertThat(looked).isEmpty();
  }
}
