package io.streamfleet.torture.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.torture.evidence.Departure.Why;
import io.streamfleet.torture.evidence.Handling.Ending;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.plan.Errand.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each promise with a history that keeps it and one that breaks it. */
class CheckerTest {

  private final Run run = new Run();

  private void assertKept() {
    assertThat(run.verdict()).isEmpty();
  }

  private void assertBroken(String... words) {
    assertThat(run.verdict()).singleElement().asString().contains(words);
  }

  @Nested
  class AtLeastOnce {

    @Test
    void anEntryWasHandled() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 2);
      assertKept();
    }

    @Test
    void anEntryIsLost() {
      run.sent(1, Kind.PLAIN);
      assertBroken("neither handled nor dead-lettered", "1-0");
    }

    @Test
    void redisForgetsAMessage() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 2).sent(3, Kind.PLAIN).done(3, "a", 3, 4);
      assertBroken("message 2 is not in the stream");
    }

    @Test
    void aCallThatEndedBadlyIsNone() {
      run.sent(1, Kind.PLAIN).call(1, "a", 1, 1, 2, Ending.HUNG_UP);
      assertBroken("neither handled");
    }

    @Test
    void deadLettersHaveTheirReasons() {
      run.sent(1, Kind.GARBAGE)
          .letter(1, "undecodable", 1)
          .sent(2, Kind.REFUSE)
          .call(2, "a", 1, 1, 2, Ending.REFUSED)
          .letter(2, "permanent_failure", 1)
          .sent(3, Kind.POISON)
          .call(3, "a", 1, 3, 4, Ending.FAILED)
          .call(3, "a", 2, 5, 6, Ending.FAILED)
          .call(3, "a", 3, 7, 8, Ending.FAILED)
          .letter(3, "max_attempts", 3)
          .sent(4, Kind.TOO_LARGE)
          .letter(4, "too_large", 1);
      assertKept();
    }

    @Test
    void whatFitsIsCalledTooLarge() {
      run.sent(1, Kind.PLAIN).letter(1, "too_large", 1);
      assertBroken("no good reason", "too_large");
    }

    @Test
    void whatIsTooLargeIsHandled() {
      run.sent(1, Kind.TOO_LARGE).done(1, "a", 1, 2);
      assertBroken("should be a dead letter");
    }

    @Test
    void anEntryIsDeadThoughItWasHandled() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 2).letter(1, "max_attempts", 3);
      assertBroken("no good reason");
    }

    @Test
    void anEntryIsDeadBeforeItsAttemptsWereUsedUp() {
      run.sent(1, Kind.POISON)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .call(1, "a", 2, 3, 4, Ending.FAILED)
          .letter(1, "max_attempts", 3);
      assertBroken("no good reason");
    }

    @Test
    void aWorkerThatSleepsTooLongHearsNoAnswer() {
      run.sent(1, Kind.PLAIN)
          .incident(Incident.Kind.FROZEN, "a", 2, 11)
          .call(1, "a", 3, 1, 3, Ending.DONE)
          .letter(1, "max_attempts", 3);
      run.incident(Incident.Kind.KILLED, "z", 0.5, 0.6);
      assertKept();
    }

    @Test
    void aWorkerThatWakesInTimeHearsIt() {
      run.sent(1, Kind.PLAIN)
          .incident(Incident.Kind.FROZEN, "a", 2, 9)
          .call(1, "a", 3, 1, 3, Ending.DONE)
          .letter(1, "max_attempts", 3);
      run.incident(Incident.Kind.KILLED, "z", 0.5, 0.6);
      assertBroken("no good reason");
    }

    @Test
    void anAttemptMayBeLostWithAWorker() {
      run.sent(1, Kind.POISON)
          .incident(Incident.Kind.KILLED, "b", 0.5, 0.6)
          .call(1, "a", 2, 1, 2, Ending.FAILED)
          .call(1, "a", 3, 3, 4, Ending.FAILED)
          .letter(1, "max_attempts", 3);
      assertKept();
    }

    @Test
    void anInnocentIsDeadForDeliveriesThatThereWereNot() {
      run.sent(1, Kind.PLAIN).incident(Incident.Kind.KILLED, "a", 1, 2);
      run.letter(1, "max_deliveries", 6);
      assertBroken("no good reason");
    }

    @Test
    void whatKillsItsWorkersIsDeadAfterSoManyOfThem() {
      run.sent(1, Kind.FATAL);
      for (int i = 0; i < 5; i++) {
        run.call(1, "a" + i, i + 1, i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.letter(1, "max_deliveries", 6);
      assertKept();
    }

    @Test
    void whatKillsItsWorkersIsFoundAndHasItsOwnDeaths() {
      run.sent(1, Kind.FATAL);
      for (int i = 0; i < 5 + 6; i++) {
        run.call(1, "a" + i, 1, i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.letter(1, "killed_worker", 1);
      assertKept();
    }

    @Test
    void whatKillsItsWorkersIsFoundTooLate() {
      run.sent(1, Kind.FATAL);
      for (int i = 0; i < 5 + 7; i++) {
        run.call(1, "a" + i, 1, i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.letter(1, "killed_worker", 1);
      assertBroken("no good reason");
    }

    @Test
    void anInnocentIsDeadForDeathsOfItsWorkers() {
      run.sent(1, Kind.PLAIN);
      for (int i = 0; i < 5; i++) {
        run.call(1, "a" + i, 1, i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.letter(1, "killed_worker", 1);
      assertBroken("no good reason");
    }

    @Test
    void whatKillsItsWorkersKillsOneTooMany() {
      run.sent(1, Kind.FATAL);
      for (int i = 0; i < 6; i++) {
        run.call(1, "a" + i, i + 1, i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.letter(1, "max_deliveries", 7);
      assertBroken("no good reason", "handled 6 times");
    }

    @Test
    void whatKillsItsWorkersMayKillOneMoreForEachAnswerThatWasLost() {
      run.sent(1, Kind.FATAL);
      for (int i = 0; i < 6; i++) {
        run.call(1, "a" + i, Math.min(i + 1, 5), i * 2, i * 2 + 1, Ending.HUNG_UP)
            .incident(Incident.Kind.KILLED, "a" + i, i * 2 + 1, i * 2 + 1);
      }
      run.incident(Incident.Kind.LINK, "b", 9, 9.5).letter(1, "max_deliveries", 6);
      assertKept();
    }

    @Test
    void anEntryWhoseAttemptsWereUsedUpIsHandledWhenItsGroupIsMadeAgain() {
      run.sent(1, Kind.PLAIN)
          .incident(Incident.Kind.KILLED, "z", 0.5, 0.6)
          .call(1, "a", 3, 1, 2, Ending.FAILED)
          .letter(1, "max_attempts", 3)
          .incident(Incident.Kind.GROUP, Incident.ALL, 3, 4)
          .call(1, "b", 1, 5, 6, Ending.DONE);
      assertKept();
    }

    @Test
    void poisonIsNoDeadLetter() {
      run.sent(1, Kind.POISON).done(1, "a", 1, 2);
      assertBroken("should be a dead letter");
    }

    @Test
    void anEntryHasTwoDeadLetters() {
      run.sent(1, Kind.GARBAGE).letter(1, "undecodable", 1).letter(1, "undecodable", 1);
      assertBroken("2 dead letters");
    }
  }

  @Nested
  class Duplicates {

    @Test
    void aCallThatAWorkerBeginsWhenItWakesDoesNotCount() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 9);
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 1, 9.01, 9.02, Ending.HUNG_UP)
          .call(1, "b", 2, 10, 11, Ending.DONE);
      assertKept();
    }

    @Test
    void anEntryIsHandledTwiceForNothing() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 2).done(1, "b", 3, 4);
      assertBroken("handled again by b", "DONE");
    }

    @Test
    void anEntryIsHandledAgainAfterItsWorkerDied() {
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 1, 1, 2, Ending.HUNG_UP)
          .incident(Incident.Kind.KILLED, "a", 2, 2)
          .call(1, "b", 2, 3, 4, Ending.DONE);
      assertKept();
    }

    @Test
    void theDeathOfAnotherIsNoReason() {
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 1, 1, 2, Ending.HUNG_UP)
          .incident(Incident.Kind.KILLED, "c", 2, 2)
          .done(1, "b", 3, 4);
      assertBroken("handled again by b", "HUNG_UP");
    }

    @Test
    void anEntryIsHandledAgainWhenRedisWasAway() {
      run.sent(1, Kind.PLAIN)
          .done(1, "a", 1, 2)
          .incident(Incident.Kind.REDIS, Incident.ALL, 1.5, 6)
          .call(1, "b", 2, 7, 8, Ending.DONE);
      assertKept();
    }

    @Test
    void aWorkerThatLosesPatienceTriesAgain() {
      run.sent(1, Kind.HANG_ONCE)
          .call(1, "a", 1, 1, 10, Ending.HUNG_UP)
          .call(1, "a", 2, 11, 12, Ending.DONE);
      assertKept();
    }

    @Test
    void aFailureIsTriedAgainByAnotherForNoReason() {
      run.sent(1, Kind.FAIL_ONCE)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .call(1, "b", 2, 3, 4, Ending.DONE);
      assertBroken("tried again by b");
    }

    @Test
    void anEntryIsTriedOnceTooOften() {
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 3, 1, 2, Ending.FAILED)
          .call(1, "a", 4, 3, 4, Ending.DONE)
          .incident(Incident.Kind.KILLED, "b", 0.5, 0.6);
      assertBroken("after its last attempt");
    }
  }

  @Nested
  class Channels {

    @Test
    void twoHandlersAreAtAChannel() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      assertBroken("one handler at a time", "was with a", "when b began");
    }

    @Test
    void twoHandlersAreThereThoughRedisWasAway() {
      run.incident(Incident.Kind.REDIS, Incident.ALL, 0, 9);
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      assertBroken("one handler at a time");
    }

    @Test
    void aRedisThatTakesOverMayNotKnowOfALock() {
      run.incident(Incident.Kind.FAILOVER, Incident.ALL, 1.5, 2.5);
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      assertKept();
    }

    @Test
    void aRedisThatTookOverLongAgoDoes() {
      run.incident(Incident.Kind.FAILOVER, Incident.ALL, 0.1, 0.5);
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      assertBroken("one handler at a time");
    }

    @Test
    void aDeadWorkersCallIsOver() {
      run.incident(Incident.Kind.KILLED, "a", 1.5, 1.6);
      run.sent(1, Kind.PLAIN).call(1, "a", 1, 1, 3, Ending.HUNG_UP);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      run.call(1, "b", 2, 5, 6, Ending.DONE);
      assertKept();
    }

    @Test
    void aWorkerThatCameBackUnderTheNameOfADeadOneIsNotDead() {
      run.incident(Incident.Kind.KILLED, "a", 0.4, 0.5);
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "b", 2, 4);
      assertBroken("one handler at a time");
    }

    @Test
    void aStoppedWorkerIsFenced() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 9);
      run.sent(1, Kind.PLAIN).done(1, "a", 0.5, 8);
      run.sent(2, Kind.PLAIN).done(2, "b", 7, 7.5);
      run.call(1, "b", 2, 10, 11, Ending.DONE);
      assertKept();
    }

    @Test
    void aStoppedWorkerAcknowledgesAllTheSame() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 9);
      run.sent(1, Kind.PLAIN).done(1, "a", 0.5, 8);
      run.sent(2, Kind.PLAIN).done(2, "b", 7, 7.5);
      assertBroken("its call counted");
    }

    @Test
    void aWorkerThatWakesGoesOnWithTheCallItWasAbout() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 9);
      run.sent(1, Kind.PLAIN).call(1, "b", 2, 8, 8.5, Ending.DONE);
      run.sent(2, Kind.PLAIN).done(2, "b", 8.95, 9.2);
      run.call(1, "a", 1, 9.1, 9.15, Ending.HUNG_UP);
      assertKept();
    }

    @Test
    void aWorkerThatWokeLongAgoMayNot() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 7);
      run.sent(1, Kind.PLAIN).done(1, "a", 9.1, 9.15);
      run.sent(2, Kind.PLAIN).done(2, "b", 8.95, 9.2);
      assertBroken("one handler at a time");
    }

    @Test
    void aShortStopIsNoExcuse() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 2);
      run.sent(1, Kind.PLAIN).done(1, "a", 0.5, 8);
      run.sent(2, Kind.PLAIN).done(2, "b", 7, 7.5);
      assertBroken("one handler at a time");
    }
  }

  @Nested
  class Order {

    @Test
    void anEntryOvertakesOneThatWaitsForItsNextAttempt() {
      run.sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .done(2, "a", 3, 4)
          .call(1, "a", 2, 5, 6, Ending.DONE);
      assertBroken("waited for its next attempt");
    }

    @Test
    void whatRedisHasForgottenHasNoNextAttempt() {
      run.sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .incident(Incident.Kind.GROUP, Incident.ALL, 1, 2)
          .forgotten(1)
          .call(1, "a", 1, 3, 4, Ending.FAILED)
          .done(2, "a", 5, 6);
      assertKept();
    }

    @Test
    void whatAnotherRedisHasNeverHeardOfHasNoNextAttempt() {
      run.sent(2, Kind.PLAIN)
          .incident(Incident.Kind.FAILOVER, Incident.ALL, 1, 2)
          .call(1, "a", 1, 3, 4, Ending.FAILED)
          .done(2, "a", 5, 6);
      assertKept();
    }

    @Test
    void whatRedisHasNeverHeardOfNeedsAFailoverForThat() {
      run.sent(2, Kind.PLAIN)
          .call(1, "a", 1, 3, 4, Ending.FAILED)
          .incident(Incident.Kind.FAILOVER, Incident.ALL, 7, 8)
          .done(2, "a", 5, 6);
      assertBroken("1-0", "waited for its next attempt");
    }

    @Test
    void anOlderOneThatComesLateIsInItsPlace() {
      run.sent(1, Kind.PLAIN)
          .sent(2, Kind.FAIL_ONCE)
          .call(2, "a", 1, 1, 2, Ending.FAILED)
          .done(1, "a", 3, 4)
          .call(2, "a", 2, 5, 6, Ending.DONE);
      assertKept();
    }

    @Test
    void theNextOneBeginsWhenTheLastAttemptHasFailed() {
      run.sent(1, Kind.POISON)
          .sent(2, Kind.PLAIN)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .call(1, "a", 2, 3, 4, Ending.FAILED)
          .call(1, "a", 3, 5, 6, Ending.FAILED)
          .letter(1, "max_attempts", 3)
          .done(2, "a", 7, 8);
      assertKept();
    }

    @Test
    void aWorkerThatIsAloneKeepsTheOrderOfTheStream() {
      run.solo("a", -1, 9).sent(1, Kind.PLAIN).sent(2, Kind.PLAIN);
      run.done(2, "a", 1, 2).done(1, "a", 3, 4);
      assertBroken("order of a channel", "began after 2-0");
    }

    @Test
    void workersThatAreNotAloneNeedNot() {
      run.sent(1, Kind.PLAIN).sent(2, Kind.PLAIN);
      run.done(2, "a", 1, 2).done(1, "a", 3, 4);
      assertKept();
    }
  }

  @Nested
  class Attempts {

    @Test
    void connectionsThatBreakTogetherUseUpNone() {
      run.sent(1, Kind.PLAIN).call(1, "a", 1, 1, 2, Ending.DROPPED);
      run.sentTo("d", 2).callIn("d", 2, "a", 1, 1, 2.1, Ending.DROPPED);
      run.call(1, "a", 1, 3, 4, Ending.DONE).callIn("d", 2, "a", 1, 3, 4, Ending.DONE);
      assertKept();
    }

    @Test
    void aConnectionThatBreaksAloneUsesUpNone() {
      run.sent(1, Kind.PLAIN).call(1, "a", 1, 1, 2, Ending.DROPPED);
      run.sentTo("d", 2).callIn("d", 2, "a", 1, 1, 2.5, Ending.DROPPED);
      run.call(1, "a", 1, 3, 4, Ending.DONE).callIn("d", 2, "a", 2, 3, 4, Ending.DONE);
      assertBroken("attempt 1 after attempt 1");
    }

    @Test
    void anAttemptIsCountedTwice() {
      run.sent(1, Kind.FAIL_ONCE)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .call(1, "a", 3, 3, 4, Ending.DONE);
      assertBroken("attempt 3 after attempt 1");
    }

    @Test
    void anAttemptIsForgotten() {
      run.sent(1, Kind.FAIL_ONCE)
          .incident(Incident.Kind.KILLED, "a", 2, 2)
          .call(1, "a", 2, 1, 2, Ending.FAILED)
          .call(1, "b", 1, 3, 4, Ending.DONE);
      run.incident(Incident.Kind.KILLED, "z", 0.5, 0.6);
      assertBroken("attempt 1 after attempt 2");
    }

    @Test
    void aRedisThatTakesOverMayNotHaveHeardOfAnAttempt() {
      run.sent(1, Kind.PLAIN)
          .incident(Incident.Kind.KILLED, "z", 0.5, 0.6)
          .call(1, "a", 2, 1, 2, Ending.HUNG_UP)
          .incident(Incident.Kind.FAILOVER, Incident.ALL, 2, 3)
          .call(1, "b", 1, 4, 5, Ending.DONE);
      assertKept();
    }

    @Test
    void aWorkerThatHasJustWokenCountsOnAsAnyOther() {
      run.incident(Incident.Kind.FROZEN, "a", 1, 9);
      run.sent(1, Kind.FAIL_ONCE, 9.01)
          .call(1, "a", 1, 9.05, 9.1, Ending.FAILED)
          .call(1, "a", 2, 9.5, 9.6, Ending.DONE);
      assertKept();
    }

    @Test
    void redisGivesAnEntryToAWorkerThatHasJustDied() {
      run.incident(Incident.Kind.KILLED, "z", 0.3, 0.4);
      run.sent(1, Kind.PLAIN, 0.5).call(1, "a", 2, 6, 7, Ending.DONE);
      assertKept();
    }

    @Test
    void redisGivesNoneToAWorkerThatIsLongDead() {
      run.incident(Incident.Kind.KILLED, "z", 0.1, 0.2);
      run.sent(1, Kind.PLAIN, 0.5).call(1, "a", 2, 6, 7, Ending.DONE);
      assertBroken("began with attempt 2");
    }

    @Test
    void inAClusterEntriesGoToADeadWorkerForAsLongAsItsLockOutlivesIt() {
      run.inCluster().incident(Incident.Kind.KILLED, "z", 1, 1.2);
      run.sent(1, Kind.PLAIN, 6.5).call(1, "a", 2, 12, 13, Ending.DONE);
      assertKept();
    }

    @Test
    void notLonger() {
      run.inCluster().incident(Incident.Kind.KILLED, "z", 1, 1.2);
      run.sent(1, Kind.PLAIN, 7.5).call(1, "a", 2, 12, 13, Ending.DONE);
      assertBroken("began with attempt 2");
    }

    @Test
    void aLostGroupTakesItsCountsAlong() {
      run.incident(Incident.Kind.GROUP, Incident.ALL, 3, 4);
      run.sent(1, Kind.FAIL_TWICE)
          .call(1, "a", 1, 1, 1.5, Ending.FAILED)
          .call(1, "a", 2, 2, 3.5, Ending.FAILED)
          .call(1, "b", 1, 6, 7, Ending.DONE);
      assertKept();
    }

    @Test
    void anEntryIsLetBeUntilTheTimeThatTheHandlerHasNamed() {
      run.sent(1, Kind.POSTPONE)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .incident(Incident.Kind.TERMINATED, "a", 3, 4)
          .call(1, "b", 2, 22, 23, Ending.DONE);
      assertKept();
    }

    @Test
    void whoHasTheEntryNextDoesNotKnowOfThatTime() {
      run.sent(1, Kind.POSTPONE)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .incident(Incident.Kind.TERMINATED, "a", 3, 4)
          .call(1, "b", 2, 5, 6, Ending.DONE);
      assertBroken("was tried again by b 16.900 s too early");
    }

    @Test
    void thatTimeMayBeLostWithAWorker() {
      run.sent(1, Kind.POSTPONE)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .incident(Incident.Kind.KILLED, "a", 3, 4)
          .call(1, "b", 2, 9, 10, Ending.DONE);
      assertKept();
    }

    @Test
    void whatHappensToTheOperatorIsNoReason() {
      run.incident(Incident.Kind.OPERATOR, "operator", 0.1, 0.5);
      run.sent(1, Kind.PLAIN).call(1, "a", 2, 1, 2, Ending.DONE);
      assertBroken("began with attempt 2");
    }

    @Test
    void anEntryBeginsWithAnAttemptThatNobodyMade() {
      run.sent(1, Kind.PLAIN).call(1, "a", 2, 1, 2, Ending.DONE);
      assertBroken("began with attempt 2");
    }
  }

  @Nested
  class Emission {

    @Test
    void aMessageIsEmittedOnce() {
      run.sent(1, Kind.EMIT).done(1, "a", 1, 2).emitted(1, 1);
      assertKept();
    }

    @Test
    void aMessageIsEmittedTwiceOrNever() {
      run.sent(1, Kind.EMIT).done(1, "a", 1, 2).emitted(1, 7).emitted(1, 8);
      assertBroken("has emitted 2");
    }

    @Test
    void aRedisThatTakesOverHasNotHeardOfTheFirst() {
      run.sent(1, Kind.EMIT).done(1, "a", 1, 2).emitted(1, 7);
      run.incident(Incident.Kind.FAILOVER, Incident.ALL, 1, 3);
      run.done(1, "a", 4, 5).emitted(1, 8);
      assertKept();
    }

    @Test
    void aDeadLetterHasEmittedNothing() {
      run.sent(1, Kind.EMIT_BOTH).done(1, "a", 1, 2).letter(1, "permanent_failure", 1);
      assertKept();
    }

    @Test
    void aDeadLetterHasEmittedAMessage() {
      run.sent(1, Kind.EMIT_BOTH).done(1, "a", 1, 2).letter(1, "permanent_failure", 1);
      run.emitted(1, 7);
      assertBroken("has emitted 1");
    }

    @Test
    void aMessageIsNotEmitted() {
      run.sent(1, Kind.EMIT).done(1, "a", 1, 2);
      assertBroken("has emitted 0");
    }
  }

  @Nested
  class WhatRedisForgets {

    @Test
    void isLostWithoutBlame() {
      run.sent(1, Kind.PLAIN)
          .sent(2, Kind.POISON)
          .forgotten(1)
          .forgotten(2)
          .incident(Incident.Kind.FORGOTTEN, Incident.ALL, 1, 2);
      assertKept();
    }

    @Test
    void whatCameAfterItIsNot() {
      run.incident(Incident.Kind.FORGOTTEN, Incident.ALL, 1, 2);
      run.sent(1, Kind.PLAIN, 1.5);
      assertBroken("1-0", "neither handled nor dead-lettered");
    }

    @Test
    void knowsNoLocks() {
      run.sent(1, Kind.PLAIN).sent(2, Kind.PLAIN);
      run.incident(Incident.Kind.FORGOTTEN, Incident.ALL, 1, 2);
      run.done(1, "a", 0.5, 3).done(2, "b", 1.5, 3);
      assertKept();
    }

    @Test
    void aLostGroupLeavesTheLocks() {
      run.sent(1, Kind.PLAIN).sent(2, Kind.PLAIN);
      run.incident(Incident.Kind.GROUP, Incident.ALL, 1, 2);
      run.done(1, "a", 0.5, 3).done(2, "b", 1.5, 3);
      assertBroken("one handler at a time");
    }

    @Test
    void aLostGroupHasAllHandledAgain() {
      run.sent(1, Kind.EMIT)
          .sent(2, Kind.REFUSE)
          .incident(Incident.Kind.GROUP, Incident.ALL, 4, 5)
          .done(1, "a", 1, 2)
          .emitted(1, 7)
          .done(1, "b", 6, 7)
          .emitted(1, 8)
          .call(2, "a", 1, 2, 3, Ending.REFUSED)
          .letter(2, "permanent_failure", 1)
          .call(2, "b", 1, 7, 8, Ending.REFUSED)
          .letter(2, "permanent_failure", 1);
      assertKept();
    }
  }

  @Nested
  class Log {

    @Test
    void troubleIsToldInAFewLines() {
      for (int second = 0; second < 60; second++) {
        run.said("a", second, 5);
      }
      assertKept();
    }

    @Test
    void aWorkerFillsItsLog() {
      for (int second = 0; second < 60; second++) {
        run.said("a", second, 25);
      }
      assertBroken("a wrote 250 lines");
    }
  }

  @Nested
  class Ends {

    @Test
    void somethingIsLeft() {
      run.leaves(Map.of(), Map.of("in", List.of("a")), List.of());
      assertBroken("the consumer name a in in");
    }

    @Test
    void aLockIsLeft() {
      run.leaves(Map.of(), Map.of(), List.of("lock:c"));
      assertBroken("the key lock:c");
    }

    @Test
    void dueTimesOfWhatIsForgottenExpire() {
      run.leaves(Map.of(), Map.of(), List.of("in:due:g"));
      assertBroken("the key in:due:g");
      run.incident(Incident.Kind.GROUP, Incident.ALL, 3, 4);
      assertKept();
    }

    @Test
    void anEntryIsPending() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 2);
      run.leaves(Map.of(Run.key(1), "a"), Map.of(), List.of());
      assertBroken("is pending: a");
    }

    @Test
    void aWorkerEndsByItself() {
      run.departed("a", Why.BY_ITSELF, 1, 3, 3);
      assertBroken("ended by itself");
    }

    @Test
    void anOperatorEndsForWantOfItsApiServer() {
      run.incident(Incident.Kind.API, "operator", 2, 4);
      run.departed("operator", Why.BY_ITSELF, 1, 3, 3);
      assertBroken("operator ended by itself");
    }

    @Test
    void aDrainLeavesSomethingForNoReason() {
      run.departed("a", Why.ASKED, 1, 3, 4);
      assertBroken("ended with status 1");
    }

    @Test
    void aDrainFails() {
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 7).departed("b", Why.ASKED, 137, 3, 4);
      assertBroken("ended with status 137");
    }

    @Test
    void aHandlerOutlastsTheDrain() {
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 1, 1, 7, Ending.HUNG_UP)
          .incident(Incident.Kind.TERMINATED, "a", 3, 8)
          .call(1, "b", 2, 8, 9, Ending.DONE)
          .departed("a", Why.ASKED, 1, 3, 8);
      assertKept();
    }
  }

  /** Promises are about what ours handle; where an original was there, it had its hand in it. */
  @Nested
  class BesideAnOriginal {

    private void anOriginal(double from, double to) {
      run.incident(Incident.Kind.ORIGINAL, "python", from, to);
    }

    @Test
    void itsCallsAreNoDuplicatesAndItsAttemptsItsOwn() {
      anOriginal(0, 9);
      run.sent(1, Kind.FAIL_ONCE)
          .call(1, "python", 1, 1, 2, Ending.FAILED)
          .call(1, "a", 3, 3, 4, Ending.DONE)
          .call(1, "python", 2, 5, 6, Ending.DONE);
      assertKept();
    }

    @Test
    void nothingWaitsForItsFailures() {
      anOriginal(0, 9);
      run.sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .call(1, "python", 1, 1, 2, Ending.FAILED)
          .done(2, "a", 3, 4)
          .call(1, "a", 2, 5, 6, Ending.DONE);
      assertKept();
    }

    @Test
    void itMustNotComeBetweenOurAttempts() {
      anOriginal(0, 9);
      run.sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .call(1, "a", 1, 1, 2, Ending.FAILED)
          .done(2, "python", 3, 4)
          .call(1, "a", 2, 5, 6, Ending.DONE);
      assertBroken("waited for its next attempt", "python");
    }

    @Test
    void bothAreNeverAtAChannel() {
      anOriginal(0, 9);
      run.sent(1, Kind.PLAIN).done(1, "a", 1, 3);
      run.sent(2, Kind.PLAIN).done(2, "python", 2, 4);
      assertBroken("one handler at a time");
    }

    @Test
    void whatItPutsAtTheEndOfTheStreamIsNotLost() {
      anOriginal(0, 9);
      run.sent(1, Kind.PLAIN).requeued(1, 7, Kind.PLAIN).done(7, "a", 1, 2);
      assertKept();
    }

    @Test
    void theCopyIsLost() {
      anOriginal(0, 9);
      run.sent(1, Kind.PLAIN).requeued(1, 7, Kind.PLAIN);
      assertBroken("7-0", "neither handled nor dead-lettered");
    }

    @Test
    void itsDeadLettersHaveNoReason() {
      anOriginal(0, 9);
      run.sent(1, Kind.POISON).letter(1, "", 3);
      assertKept();
    }

    @Test
    void nobodyElseWritesOnes() {
      run.sent(1, Kind.POISON).letter(1, "", 3);
      assertBroken("without a reason");
    }

    @Test
    void whatItHandledEmitsNothingOrWhatOursEmitted() {
      anOriginal(0, 9);
      run.sent(1, Kind.EMIT).done(1, "a", 1, 2).done(1, "python", 3, 4);
      run.sent(2, Kind.EMIT).done(2, "a", 5, 6).done(2, "python", 7, 8).emitted(2, 9);
      assertKept();
    }

    @Test
    void itsNameStays() {
      anOriginal(0, 9);
      run.departed("python", Why.ASKED, 143, 8, 9);
      run.leaves(Map.of(), Map.of("in", List.of("python")), List.of());
      assertKept();
    }
  }

  @Test
  void aRunThatWasBrokenOffHasLeftMuchBehind() {
    run.sent(1, Kind.PLAIN).sent(2, Kind.PLAIN).done(2, "a", 1, 3).done(2, "b", 4, 5);
    run.leaves(Map.of(Run.key(1), "a"), Map.of("in", List.of("a")), List.of());

    assertThat(Checker.checkBrokenOff(run.evidence()))
        .singleElement()
        .asString()
        .contains("was handled again");
  }

  @Test
  void aHistoryIsOfOneEntryAndWhatWasInItsWay() {
    run.sent(1, Kind.PLAIN).sent(2, Kind.PLAIN).sent(3, Kind.PLAIN);
    run.done(1, "a", 1, 3).done(2, "b", 2, 4).done(3, "a", 8, 9);
    run.incident(Incident.Kind.FROZEN, "a", 1, 2).incident(Incident.Kind.KILLED, "z", 1, 2);

    assertThat(History.of(run.evidence(), Run.key(1)))
        .hasSize(4)
        .anyMatch(it -> it.contains("sent: number 1"))
        .anyMatch(it -> it.contains("a begins, attempt 1"))
        .anyMatch(it -> it.contains("b begins with 2-0"))
        .anyMatch(it -> it.contains("a FROZEN"));
  }

  @Nested
  class AHandlerInTrouble {

    private Run away() {
      return run.incident(Incident.Kind.HANDLER, Incident.HANDLER, 5, 10);
    }

    @Test
    void whatFailedIsTriedAgainByAnotherWithoutAnAttempt() {
      away()
          .sent(1, Kind.PLAIN)
          .call(1, "a", 1, 4, 13.5, Ending.HUNG_UP)
          .call(1, "b", 1, 15, 16, Ending.DONE);
      assertKept();
    }

    @Test
    void longAfterItAnAttemptCountsAgain() {
      away()
          .sent(1, Kind.FAIL_ONCE)
          .call(1, "a", 1, 30, 31, Ending.FAILED)
          .call(1, "a", 1, 32, 33, Ending.DONE);
      assertBroken("had attempt 1 after attempt 1");
    }

    @Test
    void whatWasDoneIsNotDoneAgain() {
      away().sent(1, Kind.PLAIN).done(1, "a", 6, 7).done(1, "b", 8, 9);
      assertBroken("handled again by b", "DONE");
    }

    @Test
    void whatWasRefusedIsTriedAgain() {
      away()
          .sent(1, Kind.REFUSE)
          .call(1, "a", 1, 6, 7, Ending.REFUSED)
          .call(1, "a", 1, 8, 9, Ending.REFUSED)
          .letter(1, "permanent_failure", 1);
      assertKept();
    }

    @Test
    void whoDiesTakesItsAnswersAlong() {
      away()
          .incident(Incident.Kind.HANDLER_DIED, Incident.ALL, 6.8, 7.2)
          .sent(1, Kind.PLAIN)
          .done(1, "a", 6, 7)
          .call(1, "a", 2, 8, 9, Ending.DONE);
      assertKept();
    }

    /** Its 503 is no call: such a message would begin with a later attempt. */
    @Test
    void aFailureOfTheEndpointCostsAnAttempt() {
      away().sent(1, Kind.PLAIN).call(1, "a", 2, 11, 12, Ending.DONE);
      assertBroken("began with attempt 2");
    }

    @Test
    void aMessageDiesOfTheEndpoint() {
      away().sent(1, Kind.PLAIN).call(1, "a", 3, 11, 12, Ending.DONE).letter(1, "max_attempts", 3);
      assertThat(run.verdict()).anyMatch(it -> it.contains("no good reason"));
    }

    @Test
    void aMessageDiesOfAHandlerThatDies() {
      away();
      for (int death = 0; death < 5; death++) {
        run.incident(Incident.Kind.HANDLER_DIED, Incident.ALL, 5 + death, 5.2 + death);
      }
      run.sent(1, Kind.PLAIN)
          .call(1, "a", 1, 5, 5.1, Ending.DROPPED)
          .letter(1, "max_deliveries", 5);
      assertBroken("no good reason");
    }

    @Test
    void aYoungerOneOvertakesInTheSameWorker() {
      away()
          .sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .call(1, "a", 1, 6, 7, Ending.FAILED)
          .done(2, "a", 8, 9)
          .call(1, "a", 2, 11, 12, Ending.DONE);
      assertBroken("waited for its next attempt");
    }

    @Test
    void aYoungerOneBeginsInAWorkerThatReachesIt() {
      away()
          .sent(1, Kind.FAIL_ONCE)
          .sent(2, Kind.PLAIN)
          .call(1, "a", 1, 6, 7, Ending.FAILED)
          .done(2, "b", 8, 9)
          .call(1, "a", 2, 11, 12, Ending.DONE);
      assertKept();
    }
  }
}
