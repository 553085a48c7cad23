package io.streamfleet.torture.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.torture.plan.Errand.Kind;
import io.streamfleet.torture.plan.Fault.Beside;
import io.streamfleet.torture.plan.Fault.CutApi;
import io.streamfleet.torture.plan.Fault.CutLink;
import io.streamfleet.torture.plan.Fault.Failover;
import io.streamfleet.torture.plan.Fault.Kill;
import io.streamfleet.torture.plan.Fault.KillOperator;
import io.streamfleet.torture.plan.Fault.KillRedis;
import io.streamfleet.torture.plan.Fault.Roll;
import io.streamfleet.torture.plan.Fault.Solo;
import io.streamfleet.torture.plan.Schedule.Step;
import io.streamfleet.torture.plan.Setting.Redis;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static Schedule of(long seed, Redis redis) {
    return new Schedule(
        seed, new Setting(3, false, Duration.ofSeconds(6), redis, true, EnumSet.allOf(Part.class)));
  }

  @Test
  void aSeedIsARunAndAnotherSeedAnother() {
    assertThat(of(7, Redis.SINGLE).round(3)).isEqualTo(of(7, Redis.SINGLE).round(3));
    assertThat(of(7, Redis.SINGLE).round(3)).isNotEqualTo(of(8, Redis.SINGLE).round(3));
    assertThat(of(7, Redis.SINGLE).round(3)).isNotEqualTo(of(7, Redis.SINGLE).round(4));
  }

  @Test
  void aRoundHasEveryKindOfFaultAndEndsInPeace() {
    List<Fault> faults = of(7, Redis.SINGLE).round(0).stream().map(Step::fault).toList();

    assertThat(faults.stream().map(Fault::getClass).distinct())
        .hasSize(Fault.class.getPermittedSubclasses().length - 4)
        // One of the parts is not for originals.
        .doesNotContain(Failover.class, KillOperator.class, CutApi.class, Beside.class);
    assertThat(faults.getLast()).isInstanceOf(Solo.class);
  }

  @Test
  void underSentinelTheMasterFailsAndLinksDoNot() {
    assertThat(of(7, Redis.SENTINEL).round(0).stream().map(Step::fault))
        .hasAtLeastOneElementOfType(Failover.class)
        .noneMatch(it -> it instanceof CutLink || it instanceof KillRedis);
  }

  @Test
  void theOperatorDiesInTheMiddleOfWhatItHasAPartIn() {
    Setting operated = new Setting(3, true, Duration.ofSeconds(6), Redis.SINGLE, true, Set.of());
    List<Fault> faults = new Schedule(7, operated).round(0).stream().map(Step::fault).toList();

    assertThat(faults)
        .hasAtLeastOneElementOfType(CutApi.class)
        .noneMatch(it -> it instanceof CutLink);
    for (Fault it : faults) {
      if (it instanceof Kill || it instanceof Roll) {
        assertThat(faults.get(faults.indexOf(it) + 1)).isInstanceOf(KillOperator.class);
      }
    }
  }

  @Test
  void inAClusterNodesFailOverAndAreKilledAndNoOriginalIsThere() {
    assertThat(of(7, Redis.CLUSTER).round(0).stream().map(Step::fault))
        .hasAtLeastOneElementOfType(Failover.class)
        .hasAtLeastOneElementOfType(KillRedis.class)
        .noneMatch(it -> it instanceof CutLink || it instanceof Beside);
  }

  @Test
  void aMessageFollowsFromTheSeedAndItsNumber() {
    Messages messages = new Messages(7, 12, Duration.ofSeconds(8));

    assertThat(messages.message(11)).isEqualTo(messages.message(11));
    assertThat(LongStream.range(0, 5_000).mapToObj(it -> messages.message(it).errand().kind()))
        .contains(
            EnumSet.complementOf(
                    EnumSet.of(Kind.FATAL, Kind.POSTPONE, Kind.EMIT_BOTH, Kind.TOO_LARGE))
                .toArray(Kind[]::new));
    assertThat(messages.fatal(11, 15).channel()).isEqualTo("c3");
  }

  @Test
  void anErrandIsWhatItWasWrittenAs() {
    Errand errand = new Errand(Kind.FAIL_TWICE, 17);

    assertThat(errand).hasToString("fail_twice 17");
    assertThat(Errand.parse("fail_twice 17")).isEqualTo(errand);
  }
}
