package io.streamfleet.redis.group;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static io.streamfleet.redis.group.Laboratory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a consumer leaves behind is the others' at once, and never lost. */
class ConsumerDepartureTest {

  private static final long LONGER_THAN_ANY_MIN_IDLE = Duration.ofHours(1).toMillis();

  private static final Duration SILENCE = Duration.ofMillis(300);

  private static final Duration LONG_SILENCE = Duration.ofHours(1);

  private final Laboratory lab = new Laboratory();
  private final NoticeChannels notices = new NoticeChannels("notice");
  private final ConsumerDeparture departure = new ConsumerDeparture(lab.link(), notices);

  @AfterEach
  void close() {
    lab.close();
  }

  private DepartureResult release(String consumer) {
    return result(departure.release(GROUP, consumer, Duration.ZERO));
  }

  @Test
  void whatWasPendingForAPodThatIsGoneIsClaimableAtOnceAndHeldToAccountForNothing() {
    lab.withGroup().withEntries(3).deliver("gone", 3);
    lab.delivered("gone", "2-0", 7);

    assertThat(release("gone")).isEqualTo(new DepartureResult(3, false, false));

    assertThat(lab.pending())
        .allSatisfy(
            row -> {
              assertThat(row.getMsSinceLastDelivery()).isGreaterThan(LONGER_THAN_ANY_MIN_IDLE);
              assertThat(row.getConsumer()).isEqualTo("gone");
            })
        .extracting(PendingMessage::getRedeliveryCount)
        .containsExactly(0L, 6L, 0L);
  }

  @Test
  void howManyPodsWentForGoodThatHadAnEntryIsKnownForADay() {
    lab.withGroup().withEntries(2).deliver("gone", 1);
    lab.redis().hset("in:suspects:g", "1-0", "3 2 1");

    release("gone");
    release("gone");

    assertThat(lab.redis().hgetall("in:suspects:g")).isEqualTo(Map.of("1-0", "3 2 2"));
    assertThat(lab.redis().ttl("in:suspects:g")).isBetween(3_600L, 86_400L);
  }

  @Test
  void aPodMayBeReleasedWhereNothingCanBeNoted() {
    lab.withGroup().withEntries(1).deliver("gone", 1);
    lab.redis().set("in:suspects:g", "something else");

    assertThat(release("gone").released()).isEqualTo(1);
  }

  /** It would run beside the next try. */
  @Test
  void whoGivesUpAReleaseEndsItBehindTheNextPage() {
    int pages = 6;
    lab.withGroup()
        .withEntries(pages * ConsumerDeparture.PAGE_SIZE)
        .deliver("gone", pages * ConsumerDeparture.PAGE_SIZE);

    departure.release(GROUP, "gone", Duration.ZERO).cancel(true);
    lab.withEntries(pages * ConsumerDeparture.PAGE_SIZE)
        .deliver("other", pages * ConsumerDeparture.PAGE_SIZE);
    release("other");

    assertThat(lab.pending())
        .filteredOn(row -> row.getConsumer().equals("gone"))
        .filteredOn(row -> row.getMsSinceLastDelivery() > LONGER_THAN_ANY_MIN_IDLE)
        .hasSizeLessThan(2 * ConsumerDeparture.PAGE_SIZE);
  }

  @Test
  void aWorkerThatLeavesGivesBackWithOneDeliveryLessWhatItNeverTried() {
    lab.withGroup().withEntries(3).deliver("w", 3);
    lab.delivered("w", "3-0", 4);

    DepartureResult departed = result(departure.leave(GROUP, "w", List.of(EntryId.parse("2-0"))));

    assertThat(departed).isEqualTo(new DepartureResult(3, false, false));
    assertThat(lab.pending())
        .extracting(PendingMessage::getRedeliveryCount)
        .containsExactly(0L, 1L, 3L);
  }

  @Test
  void leavingTwiceTakesNoSecondDeliveryBack() {
    lab.withGroup().withEntries(1).deliver("w", 1);
    lab.delivered("w", "1-0", 4);

    result(departure.leave(GROUP, "w", List.of()));
    result(departure.leave(GROUP, "w", List.of()));

    assertThat(lab.pending()).extracting(PendingMessage::getRedeliveryCount).containsExactly(3L);
  }

  @Test
  void entriesOfOthersStayAsTheyAre() {
    lab.withGroup().withEntries(2).deliver("gone", 1).deliver("here", 1);

    release("gone");

    assertThat(lab.pending().getLast().getMsSinceLastDelivery())
        .isLessThan(LONGER_THAN_ANY_MIN_IDLE);
  }

  @Test
  void everyPageOfALongListIsMadeClaimable() {
    int entries = 2 * ConsumerDeparture.PAGE_SIZE + 1;
    lab.withGroup().withEntries(entries).deliver("gone", entries);

    // The silence is asked for once: our own pages are signs of life too.
    DepartureResult departed =
        await()
            .until(
                () -> result(departure.release(GROUP, "gone", SILENCE)), it -> it.released() > 0);

    assertThat(departed).isEqualTo(new DepartureResult(entries, false, false));
    assertThat(lab.pending())
        .hasSize(entries)
        .allMatch(row -> row.getMsSinceLastDelivery() > LONGER_THAN_ANY_MIN_IDLE)
        .allMatch(row -> row.getRedeliveryCount() == 0);
  }

  @Test
  void theLivingAreToldToSweep() {
    lab.withGroup().withEntries(1).deliver("gone", 1);
    List<String> heard = lab.listen("notice:in:g");

    release("gone");

    await().untilAsserted(() -> assertThat(heard).containsExactly("sweep"));
  }

  @Test
  void nobodyIsToldWhereNothingWasLeft() {
    lab.withGroup().withEntries(1).deliver("gone", 1);
    lab.redis().xack("in", "g", "1-0");
    List<String> heard = lab.listen("notice:in:g");

    assertThat(release("gone")).isEqualTo(new DepartureResult(0, true, false));
    lab.redis().publish("notice:in:g", "last");

    await().untilAsserted(() -> assertThat(heard).containsExactly("last"));
    assertThat(lab.consumers()).isEmpty();
  }

  @Test
  void aNameStaysForAnEntryThatArrivesBetweenTheLookAndTheRemoval() {
    lab.withGroup().withEntries(1).deliver("gone", 1);

    assertThat(result(departure.remove(GROUP, "gone"))).isFalse();

    assertThat(lab.pending()).hasSize(1);
    assertThat(lab.consumers()).containsExactly("gone");
  }

  @Test
  void theNameGoesOnceOthersHaveClaimedWhatItLeft() {
    lab.withGroup().withEntries(1).deliver("gone", 1);
    release("gone");
    lab.redis()
        .xautoclaim(
            "in",
            io.lettuce.core.XAutoClaimArgs.Builder.justid(
                io.lettuce.core.Consumer.from("g", "here"), Duration.ofMinutes(1), "0"));

    assertThat(release("gone")).isEqualTo(new DepartureResult(0, true, false));
    assertThat(lab.consumers()).containsExactly("here");
  }

  @Test
  void whatTheStreamHoldsNoMoreIsLeftToWhoSweeps() {
    lab.withGroup().withEntries(2).deliver("gone", 2);
    lab.redis().xdel("in", "1-0");

    assertThat(release("gone").nameGone()).isFalse();
    assertThat(lab.pending()).hasSize(2);
  }

  @Test
  void whoListensAndCallsIsLeftAlone() {
    lab.withGroup().withEntries(1).deliver("there", 1);
    lab.listen("notice:in:g:there");

    assertThat(result(departure.release(GROUP, "there", LONG_SILENCE)))
        .isEqualTo(new DepartureResult(0, false, true));
    assertThat(lab.pending().getFirst().getMsSinceLastDelivery())
        .isLessThan(LONGER_THAN_ANY_MIN_IDLE);
    lab.redis().xack("in", "g", "1-0");
    assertThat(result(departure.release(GROUP, "there", LONG_SILENCE)).nameGone()).isFalse();
    assertThat(lab.consumers()).containsExactly("there");
  }

  @Test
  void whoWasKilledAMomentAgoIsGoneHoweverLatelyItCalled() {
    lab.withGroup().withEntries(1).deliver("killed", 1);

    assertThat(result(departure.release(GROUP, "killed", LONG_SILENCE)).released()).isEqualTo(1);
  }

  @Test
  void aConnectionWhoseMachineIsGoneListensOnWithoutBeingAlive() {
    lab.withGroup().withEntries(1).deliver("silent", 1);
    lab.listen("notice:in:g:silent");

    await().until(() -> result(departure.release(GROUP, "silent", SILENCE)).released() == 1);
  }

  @Test
  void whereNobodyCanTellWhoListensACallOfAMomentAgoIsProofEnough() {
    lab.withGroup().withEntries(1).deliver("there", 1);
    lab.redis().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.PUBSUB));

    assertThat(result(departure.release(GROUP, "there", LONG_SILENCE)))
        .isEqualTo(new DepartureResult(0, false, true));
    await().until(() -> result(departure.release(GROUP, "there", SILENCE)).released() == 1);
  }

  @Test
  void aNameThatDoesNotExistIsNotCreated() {
    lab.withGroup().withEntries(1);

    assertThat(release("never")).isEqualTo(new DepartureResult(0, true, false));
    assertThat(result(departure.leave(GROUP, "never", List.of())).nameGone()).isTrue();
    assertThat(lab.consumers()).isEmpty();
  }

  @Test
  void aLostGroupOrStreamIsNoErrorAndIsNotCreated() {
    assertThat(release("any")).isEqualTo(new DepartureResult(0, true, false));
    assertThat(lab.redis().exists("in")).isZero();

    lab.withEntries(1);
    assertThat(release("any")).isEqualTo(new DepartureResult(0, true, false));
    assertThat(lab.redis().xinfoGroups("in")).isEmpty();
  }

  @Test
  void aKeyThatIsNoStreamIsAnError() {
    lab.redis().set("in", "text");

    assertThat(failure(departure.release(GROUP, "any", Duration.ZERO)))
        .hasMessageContaining("WRONGTYPE");
  }
}
