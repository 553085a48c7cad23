package io.streamfleet.operator.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.api.Manifest;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which names nobody uses any more. */
class GoneNamesTest {

  private static final String POD = "chat-worker-7d9f8b6c5d-x2x4z";

  private static Fleet fleet(String more) {
    return new Fleet(
        "ns",
        "chat",
        "uid",
        1,
        Manifest.read(
                """
                redis: {url: "redis://r.ns:6379"}
                inbound: {handler: {builtin: Discard}}
                read: {block: 5s}
                autoclaim: {minIdle: 60s}
                """
                    + more)
            .spec());
  }

  private static ObservedConsumer consumer(String name, long pending, Duration idle) {
    return new ObservedConsumer(name, pending, Optional.of(idle), Optional.empty());
  }

  @Test
  void aNameOfAPodThatIsThereIsInUse() {
    GoneNames names = new GoneNames(fleet(""), Set.of(POD));

    assertThat(names.isGone(consumer(POD, 5, Duration.ofDays(1)))).isFalse();
  }

  @Test
  void aNameOfAPodThatIsNotThereIsGoneHoweverLatelyItCalled() {
    GoneNames names = new GoneNames(fleet(""), Set.of());

    assertThat(names.isGone(consumer(POD, 5, Duration.ZERO))).isTrue();
  }

  @Test
  void aNameOfSomebodyElseIsLeftAlone() {
    GoneNames names = new GoneNames(fleet(""), Set.of());

    assertThat(names.isGone(consumer("python-worker-1", 0, Duration.ofDays(30)))).isFalse();
    assertThat(names.isGone(consumer("other-worker-7d9f8b6c5d-x2x4z", 0, Duration.ofDays(30))))
        .isFalse();
  }

  @Test
  void whereTheResourceSaysSoIdleEmptyNamesOfAnybodyGoToo() {
    GoneNames names = new GoneNames(fleet("consumers: {cleanup: Idle, idleFor: 1h}"), Set.of(POD));

    assertThat(names.isGone(consumer("python-worker-1", 0, Duration.ofHours(2)))).isTrue();
    assertThat(names.isGone(consumer("python-worker-1", 0, Duration.ofMinutes(59)))).isFalse();
    assertThat(names.isGone(consumer("python-worker-1", 1, Duration.ofHours(2)))).isFalse();
    assertThat(names.isGone(consumer(POD, 0, Duration.ofHours(2)))).isFalse();
  }

  @Test
  void aLivingWorkerIsNeverSilentForTwiceTheTimeOfItsRenewals() {
    assertThat(new GoneNames(fleet(""), Set.of()).longestSilence())
        .isEqualTo(Duration.ofSeconds(40));
  }
}
