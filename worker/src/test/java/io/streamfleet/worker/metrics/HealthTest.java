package io.streamfleet.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.process.health.Health;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Health health = new Health();

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
}
