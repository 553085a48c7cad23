package io.streamfleet.torture.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.torture.plan.Fault.Beside;
import io.streamfleet.torture.plan.Fault.Flush;
import io.streamfleet.torture.plan.Fault.Kill;
import io.streamfleet.torture.plan.Fault.Large;
import io.streamfleet.torture.plan.Fault.Solo;
import io.streamfleet.torture.plan.Schedule.Step;
import io.streamfleet.torture.plan.Setting.Redis;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PartTest {

  private static List<Fault> round(boolean usual, Set<Part> parts) {
    Setting setting = new Setting(3, false, Duration.ofSeconds(6), Redis.SINGLE, usual, parts);
    return new Schedule(7, setting).round(0).stream().map(Step::fault).toList();
  }

  @Test
  void theSeedDrawsTheParts() {
    assertThat(Part.drawn(7, false, Redis.SINGLE)).isEqualTo(Part.drawn(7, false, Redis.SINGLE));
    assertThat(LongStream.range(0, 400).mapToObj(it -> Part.drawn(it, false, Redis.SINGLE)))
        .as("all are drawn by some seed, and none by all")
        .anyMatch(Set::isEmpty)
        .flatMap(it -> it)
        .containsAll(EnumSet.allOf(Part.class));
  }

  @Test
  void whatCannotBeIsNotThere() {
    assertThat(Part.named(List.of("all"), true, Redis.CLUSTER))
        .contains(Part.FLUSHED, Part.BAD_LOCK)
        .doesNotContain(Part.UNREAD_LOG, Part.OTHER_DATABASE, Part.WRITES_REFUSED);
  }

  @Test
  void namesAreAsTheyAreTold() {
    assertThat(Part.named(List.of("flushed", "from-end"), false, Redis.SINGLE))
        .containsExactlyInAnyOrder(Part.FLUSHED, Part.FROM_END)
        .hasToString("[flushed, from-end]");
    assertThatThrownBy(() -> Part.named(List.of("flood"), false, Redis.SINGLE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPartIsBesideTheUsualFaultsOrAlone() {
    assertThat(round(true, Set.of(Part.FLUSHED)))
        .hasAtLeastOneElementOfType(Flush.class)
        .hasAtLeastOneElementOfType(Kill.class);
    assertThat(round(false, Set.of(Part.FLUSHED)))
        .hasExactlyElementsOfTypes(Flush.class, Solo.class);
  }

  @Test
  void anOriginalIsNotBesideWhatItWouldLoad() {
    assertThat(round(true, Set.of())).hasAtLeastOneElementOfType(Beside.class);
    assertThat(round(true, Set.of(Part.TOO_LARGE)))
        .hasAtLeastOneElementOfType(Large.class)
        .doesNotHaveAnyElementsOfTypes(Beside.class);
  }
}
