package io.streamfleet.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/**
 * Workers hear of another {@code minIdle} one after the other, and take nothing from each other.
 */
class MinIdleTest {

  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Deque<Runnable> later = new ArrayDeque<>();
  private int changes;

  private MinIdle from(Duration atStart) {
    return new MinIdle(
        atStart,
        (delay, task) -> {
          assertThat(delay).isEqualTo(MinIdle.SPREAD);
          later.add(task);
        },
        () -> changes++);
  }

  private void untilAllHaveHeardOfTheFirst() {
    later.remove().run();
  }

  @Test
  void aShorterTimeIsRenewedByAtOnceAndClaimedByWhenAllHaveHeardOfIt() {
    MinIdle minIdle = from(LONG);

    minIdle.change(SHORT);
    assertThat(minIdle.forRenewing()).isEqualTo(SHORT);
    assertThat(minIdle.forClaiming()).isEqualTo(LONG);

    untilAllHaveHeardOfTheFirst();
    assertThat(minIdle.forClaiming()).isEqualTo(SHORT);
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void aLongerTimeIsClaimedByAtOnceAndRenewedByWhenAllHaveHeardOfIt() {
    MinIdle minIdle = from(SHORT);

    minIdle.change(LONG);
    assertThat(minIdle.forRenewing()).isEqualTo(SHORT);
    assertThat(minIdle.forClaiming()).isEqualTo(LONG);

    untilAllHaveHeardOfTheFirst();
    assertThat(minIdle.forRenewing()).isEqualTo(LONG);
  }

  @Test
  void aChangeThatIsTakenBackIsWaitedForAsWell() {
    MinIdle minIdle = from(LONG);
    minIdle.change(SHORT);
    minIdle.change(LONG);

    untilAllHaveHeardOfTheFirst();
    assertThat(minIdle.forRenewing()).isEqualTo(SHORT);
    assertThat(minIdle.forClaiming()).isEqualTo(LONG);

    untilAllHaveHeardOfTheFirst();
    assertThat(minIdle.forRenewing()).isEqualTo(LONG);
    assertThat(minIdle.forClaiming()).isEqualTo(LONG);
  }

  @Test
  void theSameTimeIsNoChange() {
    MinIdle minIdle = from(LONG);

    minIdle.change(LONG);

    assertThat(later).isEmpty();
    assertThat(changes).isZero();
  }
}
