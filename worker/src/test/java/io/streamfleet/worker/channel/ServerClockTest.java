package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerClockTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final List<String> jumps = new ArrayList<>();
  private final ServerClock clock =
      new ServerClock((by, back) -> jumps.add((back ? "back " : "forward ") + by.toSeconds()));

  @Test
  void tellsOfAClockThatGoesBackOnceAndForAsLongAsItMatters() {
    clock.saw(100_000_000, 10 * SECOND, 10 * SECOND);
    clock.saw(100_020_000, 30 * SECOND, 30 * SECOND);
    assertThat(clock.wentBack(30 * SECOND)).isFalse();

    clock.saw(100_040_000 - 3_600_000, 50 * SECOND, 50 * SECOND);
    clock.saw(100_060_000 - 3_600_000, 70 * SECOND, 70 * SECOND);

    assertThat(jumps).containsExactly("back 3599");
    assertThat(clock.wentBack(70 * SECOND)).isTrue();
    assertThat(clock.wentBack(3_640 * SECOND)).isTrue();
    assertThat(clock.wentBack(3_660 * SECOND)).isFalse();
  }

  @Test
  void tellsOfAClockThatJumpsForward() {
    clock.saw(100_000_000, 10 * SECOND, 10 * SECOND);
    clock.saw(100_020_000 + 60_000, 30 * SECOND, 30 * SECOND);

    assertThat(jumps).containsExactly("forward 59");
    assertThat(clock.wentBack(31 * SECOND)).isFalse();
  }

  /** The clock was read at some time between call and reply, and nobody knows when. */
  @Test
  void takesASlowReplyForNoJump() {
    clock.saw(100_000_000, 10 * SECOND, 10 * SECOND);
    // Read at once, its reply came after 9 s; then read late, with the reply at once.
    clock.saw(100_010_000, 20 * SECOND, 29 * SECOND);
    clock.saw(100_030_000, 31 * SECOND, 40 * SECOND);
    clock.saw(100_040_000, 50 * SECOND, 50 * SECOND);

    assertThat(jumps).isEmpty();
  }

  @Test
  void takesADifferenceInSpeedForNoJump() {
    for (int minute = 0; minute < 600; minute++) {
      // 0.05 % slower than ours, asked every hour.
      clock.saw(
          100_000_000 + minute * 3_598_200L, minute * 3_600L * SECOND, minute * 3_600L * SECOND);
    }
    assertThat(jumps).isEmpty();
  }
}
