package io.streamfleet.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.process.health.Health;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static final Duration BOUND = Duration.ofSeconds(15);

  private final Health health = new Health();
  private final ManualClock clock = new ManualClock();
  private final LoopWatch loops = new LoopWatch(health, clock);

  @Test
  void eachFailingCheckSaysItsNameAndItsProblemOnOneLineInTheOrderOfTheNames() {
    health.requireForReadiness("redis", () -> Optional.of("not\nconnected"));
    health.requireForReadiness("groups", () -> Optional.of("1 of 2 present"));
    health.requireForReadiness("well", Optional::empty);

    assertThat(health.readinessProblems())
        .containsExactly("groups: 1 of 2 present", "redis: not connected");
    assertThat(health.lifeProblems()).isEmpty();
  }

  @Test
  void aCheckThatThrowsIsAProblemThatQuotesNoMessage() {
    health.requireForLife(
        "redis",
        () -> {
          throw new IllegalStateException("redis://user:secret@host");
        });

    assertThat(health.lifeProblems())
        .containsExactly("redis: the check itself failed with java.lang.IllegalStateException");
  }

  @Test
  void aNameIsTakenOnce() {
    health.requireForLife("redis", Optional::empty);

    assertThatThrownBy(() -> health.requireForLife("redis", Optional::empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("redis");
  }

  @Test
  void aLoopIsWellAsLongAsItTurnsWithinItsBound() {
    Heartbeat reader = loops.watch("reader", BOUND);
    clock.advance(BOUND);
    assertThat(health.lifeProblems()).isEmpty();

    reader.turn();
    clock.advance(BOUND);
    assertThat(health.lifeProblems()).isEmpty();
  }

  @Test
  void aStuckLoopIsNeitherAliveNorReadyUntilItTurnsAgain() {
    Heartbeat reader = loops.watch("reader", BOUND);
    clock.advance(BOUND.plusMillis(1));

    assertThat(health.lifeProblems())
        .containsExactly("loop reader: stuck: no turn for 15001 ms, its bound is 15000 ms");
    assertThat(health.readinessProblems()).isEqualTo(health.lifeProblems());

    reader.turn();
    assertThat(health.lifeProblems()).isEmpty();
    assertThat(health.readinessProblems()).isEmpty();
  }

  @Test
  void aLoopThatEndedAsItShouldIsWatchedNoMore() {
    CollectorRegistry registry = new CollectorRegistry();
    loops.register(registry);
    Heartbeat reader = loops.watch("reader", BOUND);
    reader.end();
    clock.advance(BOUND.multipliedBy(2));

    assertThat(health.lifeProblems()).isEmpty();
    assertThat(health.readinessProblems()).isEmpty();
    assertThat(Scrape.of(registry).samples("streamfleet_loop")).isEmpty();
  }

  @Test
  void theTimeSinceALoopTurnedIsAMetric() {
    CollectorRegistry registry = new CollectorRegistry();
    loops.register(registry);
    loops.watch("reader", BOUND);
    clock.advance(Duration.ofMillis(1500));

    assertThat(Scrape.of(registry).samples("streamfleet_loop"))
        .containsExactly("streamfleet_loop_last_turn_seconds{loop=\"reader\",} 1.5");
  }
}
