package io.streamfleet.process.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparinglyTest {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final ManualClock clock = new ManualClock();
  private final Sparingly failing = new Sparingly(INTERVAL, clock);
  private final List<Long> said = new ArrayList<>();

  @Test
  void theFirstIsSaidAtOnceAndTheNextOnlyAfterTheIntervalWithTheCountOfTheUnsaid() {
    failing.say(said::add);
    failing.say(said::add);
    clock.advance(INTERVAL.minusNanos(1));
    failing.say(said::add);
    assertThat(said).containsExactly(0L);

    clock.advance(Duration.ofNanos(1));
    failing.say(said::add);
    assertThat(said).containsExactly(0L, 2L);

    clock.advance(INTERVAL);
    failing.say(said::add);
    assertThat(said).containsExactly(0L, 2L, 0L);
  }

  @Test
  void theEndIsSaidOnceWithHowOftenItHappened() {
    failing.say(said::add);
    failing.say(said::add);
    said.clear();

    failing.over(said::add);
    failing.over(said::add);

    assertThat(said).containsExactly(2L);
  }

  @Test
  void whatBeginsAgainAfterTheIntervalIsSaidAtOnce() {
    failing.say(said::add);
    failing.say(said::add);
    failing.over(times -> {});
    said.clear();
    clock.advance(INTERVAL);

    assertThat(failing.say(said::add)).isTrue();

    assertThat(said).containsExactly(0L);
  }

  @Test
  void whatComesAndGoesIsSaidOnceInAnInterval() {
    for (int i = 0; i < 100; i++) {
      failing.say(said::add);
      failing.over(said::add);
    }
    assertThat(said).containsExactly(0L, 1L);

    clock.advance(INTERVAL);
    failing.say(said::add);
    failing.over(said::add);

    assertThat(said).containsExactly(0L, 1L, 99L, 100L);
  }

  @Test
  void nothingEndsThatNeverHappened() {
    failing.over(said::add);

    assertThat(said).isEmpty();
  }
}
