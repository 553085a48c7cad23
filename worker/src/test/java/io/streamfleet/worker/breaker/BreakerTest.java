package io.streamfleet.worker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.worker.metrics.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the breaker opens and closes, which entries probe, and which failures count as attempts. */
class BreakerTest {

  private static final Failure UNAVAILABLE = Failure.Unavailable.NOW;
  private static final Failure BROKEN = new Failure.Broken();
  private static final Failure OF_MESSAGE = new Failure.OfMessage();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final List<String> told = new ArrayList<>();
  private int messages;

  private final Breaker breaker =
      new Breaker(
          "http://bot:80",
          clock,
          new Breaker.Report() {
            @Override
            public void opened(String endpoint, Cause cause, String failure) {
              told.add("opened: " + cause.label() + ", " + failure);
            }

            @Override
            public void closed(String endpoint, Duration afterwards) {
              told.add("closed after " + afterwards.toSeconds() + " s");
            }
          });

  private String message() {
    return "message " + messages++;
  }

  private Charge fails(Object message, Failure failure) {
    return breaker.failed(message, failure, "failure");
  }

  private void failInARow(int times, Failure failure) {
    for (int i = 0; i < times; i++) {
      fails(message(), failure);
    }
  }

  /** Sends one as the probe, which must be due. */
  private String probe() {
    assertThat(breaker.reserve()).isTrue();
    String probe = message();
    breaker.begin(probe);
    return probe;
  }

  // --- opening

  @Test
  void manyMessagesOfOneCallThatFailsAreOneFailure() {
    for (int i = 0; i < 19; i++) {
      fails(message(), Failure.Unavailable.NOW);
      for (int k = 0; k < 49; k++) {
        assertThat(breaker.failedWithIt(message(), Failure.Unavailable.NOW))
            .isEqualTo(Charge.NOTHING);
      }
    }
    assertThat(breaker.isOpen()).isFalse();

    fails(message(), Failure.Unavailable.NOW);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.failedWithIt(message(), new Failure.Broken())).isEqualTo(Charge.FORGIVEN);
  }

  @Test
  void opensAtOnceAfterManyConsecutiveUnavailableResults() {
    failInARow(19, UNAVAILABLE);
    assertThat(breaker.isOpen()).isFalse();

    failInARow(1, UNAVAILABLE);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(told).containsExactly("opened: unavailable, failure");
  }

  @Test
  void opensAfterFewUnavailableResultsIfTheyLast() {
    failInARow(4, UNAVAILABLE);
    clock.advance(SECOND);
    assertThat(breaker.isOpen()).isFalse();

    failInARow(1, UNAVAILABLE);

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void opensWhenTheConnectionBreaksWithAll() {
    failInARow(20, BROKEN);

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void aSuccessBeginsTheCountAnew() {
    failInARow(19, UNAVAILABLE);
    breaker.succeeded(message());
    failInARow(19, UNAVAILABLE);

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void opensWhenAllCallsFail() {
    failInARow(199, OF_MESSAGE);
    assertThat(breaker.isOpen()).isFalse();

    failInARow(1, OF_MESSAGE);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(told).containsExactly("opened: failing, failure");
  }

  @Test
  void opensWhenFewCallsFailForASecond() {
    failInARow(9, OF_MESSAGE);
    clock.advance(SECOND);
    assertThat(breaker.isOpen()).isFalse();

    failInARow(1, OF_MESSAGE);

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void aFewPoisonedMessagesNeverOpenIt() {
    List<String> poison = List.of(message(), message(), message(), message());
    for (int i = 0; i < 1_000; i++) {
      clock.advance(SECOND);
      assertThat(fails(poison.get(i % poison.size()), OF_MESSAGE)).isEqualTo(Charge.ATTEMPT);
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void nineFailuresOfTenNeverOpenIt() {
    for (int i = 0; i < 1_000; i++) {
      failInARow(9, OF_MESSAGE);
      breaker.succeeded(message());
      clock.advance(Duration.ofMillis(100));
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void opensAtOnceOnRetryAfter() {
    fails(message(), new Failure.Unavailable(Duration.ofSeconds(30)));

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void failuresOfTheRunThatOpenedItAreNotCharged() {
    fails(message(), OF_MESSAGE);
    breaker.succeeded(message());
    clock.advance(SECOND);
    long begins = clock.getAsLong();
    failInARow(200, OF_MESSAGE);

    assertThat(breaker.forgivenSince()).isEqualTo(begins);
  }

  // --- probes

  @Test
  void admitsOnlyTheProbeWhileOpen() {
    failInARow(20, UNAVAILABLE);
    clock.advance(SECOND);
    String probe = probe();

    assertThat(breaker.admits(probe)).isTrue();
    assertThat(breaker.admits(message())).isFalse();
    assertThat(breaker.reserve()).as("a second probe beside it").isFalse();
  }

  @Test
  void anUnavailableEndpointIsProbedOnceASecond() {
    failInARow(20, UNAVAILABLE);
    assertThat(breaker.reserve()).as("at once").isFalse();
    for (int i = 0; i < 600; i++) {
      clock.advance(SECOND);
      assertThat(fails(probe(), UNAVAILABLE)).isEqualTo(Charge.NOTHING);
      assertThat(breaker.reserve()).as("within the second").isFalse();
    }
  }

  @Test
  void afterFailuresProbesBecomeLessFrequent() {
    failInARow(200, OF_MESSAGE);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      long seconds = 0;
      while (!breaker.reserve()) {
        clock.advance(SECOND);
        seconds++;
      }
      pauses.add(seconds);
      String probe = message();
      breaker.begin(probe);
      fails(probe, OF_MESSAGE);
    }

    assertThat(pauses).containsExactly(1L, 1L, 2L, 4L, 8L, 10L);
  }

  @Test
  void theFirstProbeThatIsHandledClosesIt() {
    failInARow(20, UNAVAILABLE);
    clock.advance(SECOND);
    breaker.succeeded(probe());

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.admits(message())).isTrue();
    assertThat(told).contains("closed after 1 s");
  }

  @Test
  void callsStartedBeforeItOpenedDoNotCloseIt() {
    failInARow(20, UNAVAILABLE);
    breaker.succeeded(message());

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void anUndeliveredProbeIsReplaced() {
    failInARow(20, UNAVAILABLE);
    clock.advance(SECOND);
    assertThat(breaker.reserve()).isTrue();
    breaker.withdraw();

    assertThat(breaker.reserve()).isTrue();
  }

  @Test
  void anInterruptedProbeIsReplacedAfterASecond() {
    failInARow(20, UNAVAILABLE);
    clock.advance(SECOND);
    breaker.ended(probe());
    assertThat(breaker.reserve()).isFalse();

    clock.advance(SECOND);

    assertThat(breaker.reserve()).isTrue();
  }

  @Test
  void retryAfterIsObeyedInFullUpToAnHour() {
    fails(message(), new Failure.Unavailable(Duration.ofSeconds(90)));
    clock.advance(Duration.ofSeconds(89));
    assertThat(breaker.reserve()).isFalse();
    clock.advance(SECOND);
    fails(probe(), new Failure.Unavailable(Duration.ofDays(365)));
    clock.advance(Duration.ofMinutes(59));
    assertThat(breaker.reserve()).isFalse();

    clock.advance(Duration.ofMinutes(1));

    assertThat(breaker.reserve()).isTrue();
  }

  // --- what it costs

  @Test
  void unavailableNeverCostsAnAttempt() {
    for (int i = 0; i < 100; i++) {
      assertThat(fails(message(), UNAVAILABLE)).isEqualTo(Charge.NOTHING);
      clock.advance(Duration.ofMinutes(2));
    }
  }

  @Test
  void whileItIsOpenAFailureCostsAnAttemptOnceAMinuteAndOnlyThatOfAProbe() {
    failInARow(200, OF_MESSAGE);
    int charged = 0;
    for (int second = 0; second < 600; second++) {
      clock.advance(SECOND);
      assertThat(fails(message(), OF_MESSAGE)).isEqualTo(Charge.FORGIVEN);
      if (breaker.reserve()) {
        String probe = message();
        breaker.begin(probe);
        charged += fails(probe, OF_MESSAGE) == Charge.ATTEMPT ? 1 : 0;
      }
    }

    assertThat(charged).isBetween(8, 10);
  }

  /** Else an endpoint that breaks every connection would cost all that are probed often enough. */
  @Test
  void aProbeWithABrokenConnectionCostsNoAttempt() {
    failInARow(20, BROKEN);
    clock.advance(SECOND);

    assertThat(fails(probe(), BROKEN)).isEqualTo(Charge.NOTHING);
  }

  @Test
  void aMessageThatKillsItsEndpointIsGivenUpEvenIfItIsAlone() {
    failInARow(20, BROKEN);
    String killer = message();
    int charged = 0;
    for (int second = 0; second < 300; second++) {
      clock.advance(SECOND);
      if (breaker.reserve()) {
        breaker.begin(killer);
        charged += fails(killer, BROKEN) == Charge.ATTEMPT ? 1 : 0;
      }
    }

    assertThat(charged).isBetween(3, 5);
  }
}
