package io.streamfleet.torture.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.torture.plan.Errand.Kind;
import io.streamfleet.torture.plan.Fault.CutLink;
import io.streamfleet.torture.plan.Fault.Failover;
import io.streamfleet.torture.plan.Fault.KillRedis;
import io.streamfleet.torture.plan.Fault.Solo;
import io.streamfleet.torture.plan.Schedule.Step;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static Schedule of(long seed, boolean sentinel) {
    return new Schedule(seed, 3, Duration.ofSeconds(6), sentinel);
  }

  @Test
  void aSeedIsARunAndAnotherSeedAnother() {
    assertThat(of(7, false).round(3)).isEqualTo(of(7, false).round(3));
    assertThat(of(7, false).round(3)).isNotEqualTo(of(8, false).round(3));
    assertThat(of(7, false).round(3)).isNotEqualTo(of(7, false).round(4));
  }

  @Test
  void aRoundHasEveryKindOfFaultAndEndsInPeace() {
    List<Fault> faults = of(7, false).round(0).stream().map(Step::fault).toList();

    assertThat(faults.stream().map(Fault::getClass).distinct())
        .hasSize(Fault.class.getPermittedSubclasses().length - 1)
        .doesNotContain(Failover.class);
    assertThat(faults.getLast()).isInstanceOf(Solo.class);
  }

  @Test
  void underSentinelTheMasterFailsAndLinksDoNot() {
    assertThat(of(7, true).round(0).stream().map(Step::fault))
        .hasAtLeastOneElementOfType(Failover.class)
        .noneMatch(it -> it instanceof CutLink || it instanceof KillRedis);
  }

  @Test
  void aMessageFollowsFromTheSeedAndItsNumber() {
    Messages messages = new Messages(7, 12, Duration.ofSeconds(8));

    assertThat(messages.message(11)).isEqualTo(messages.message(11));
    assertThat(LongStream.range(0, 5_000).mapToObj(it -> messages.message(it).errand().kind()))
        .contains(Kind.values());
  }

  @Test
  void anErrandIsWhatItWasWrittenAs() {
    Errand errand = new Errand(Kind.FAIL_TWICE, 17);

    assertThat(errand).hasToString("fail_twice 17");
    assertThat(Errand.parse("fail_twice 17")).isEqualTo(errand);
  }
}
