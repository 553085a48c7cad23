package io.streamfleet.redis.group;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static io.streamfleet.redis.group.Laboratory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.group.GroupInspection.Consumers;
import io.streamfleet.redis.group.ObservedGroup.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Redis knows is told, and what it does not know is not made up. */
class GroupInspectionTest {

  private final Laboratory lab = new Laboratory();
  private final GroupInspection inspection = new GroupInspection(lab.link());

  @AfterEach
  void close() {
    lab.close();
  }

  private ObservedGroup look(Consumers consumers) {
    Inspection seen = result(inspection.look(List.of(GROUP), consumers, List.of()));
    assertThat(seen.groups()).hasSize(1);
    return seen.groups().getFirst();
  }

  @Test
  void aGroupIsToldWithItsNumbers() {
    lab.withGroup().withEntries(5).deliver("a", 2).deliver("b", 1);

    ObservedGroup seen = look(Consumers.ALL);

    assertThat(seen.group()).isEqualTo(GROUP);
    assertThat(seen.presence()).isEqualTo(Presence.PRESENT);
    assertThat(seen.length()).hasValue(5);
    assertThat(seen.pending()).hasValue(3);
    assertThat(seen.lag()).hasValue(2);
    assertThat(seen.refused()).isEmpty();
    assertThat(seen.consumers())
        .allSatisfy(it -> assertThat(it.idle()).isPresent())
        .extracting(ObservedConsumer::name, ObservedConsumer::pending)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("a", 2L),
            org.assertj.core.groups.Tuple.tuple("b", 1L));
  }

  @Test
  void anEntryThatWasReadAMomentAgoIsOldByItsIdOnly() {
    lab.withGroup();
    publishedBefore(Duration.ofHours(1));
    lab.deliver("a", 1);

    OldestPending oldest = look(Consumers.PENDING).oldest().orElseThrow();
    assertThat(oldest.published()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    assertThat(oldest.delivered()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void whatWasDeliveredBeforeAnybodyLookedIsKnownToRedis() {
    lab.withGroup().withEntries(1).deliver("a", 1);
    idle("1-0", Duration.ofHours(2));

    assertThat(look(Consumers.PENDING).oldest().orElseThrow().delivered())
        .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
  }

  /** A worker that hangs renews what it has in flight, and others take it over. */
  @Test
  void anEntryThatIsRenewedHasStillBeenDeliveredAsLongAgo() {
    lab.withGroup().withEntries(2).deliver("a", 2);
    idle("1-0", Duration.ofHours(2));
    assertThat(look(Consumers.PENDING).oldest()).isPresent();

    lab.redis()
        .xclaim(
            "in",
            io.lettuce.core.Consumer.from("g", "b"),
            new XClaimArgs().minIdleTime(0).justid(),
            "1-0");

    assertThat(look(Consumers.PENDING).oldest().orElseThrow().delivered())
        .isGreaterThan(Duration.ofMinutes(119));
    lab.redis().xack("in", "g", "1-0");
    assertThat(look(Consumers.PENDING).oldest().orElseThrow().delivered())
        .as("of the next entry")
        .isLessThan(Duration.ofMinutes(1));
  }

  private void idle(String id, Duration idle) {
    lab.redis()
        .xclaim(
            "in",
            io.lettuce.core.Consumer.from("g", "a"),
            new XClaimArgs().minIdleTime(0).idle(idle.toMillis()).justid(),
            id);
  }

  /** By the first entry that the group has not read, whatever it has read and is pending. */
  @Test
  void theAgeOfWhatIsUnreadIsThatOfTheNextEntry() {
    lab.withGroup();
    publishedBefore(Duration.ofHours(3));
    publishedBefore(Duration.ofHours(2));
    publishedBefore(Duration.ofHours(1));
    assertThat(oldestUnread()).isBetween(Duration.ofMinutes(179), Duration.ofMinutes(181));

    lab.deliver("a", 1);
    assertThat(oldestUnread()).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
    lab.deliver("a", 2);
    assertThat(oldestUnread()).isZero();
  }

  @Test
  void theAgeOfWhatIsUnreadIsKnownWhereTheLagIsNot() {
    publishedBefore(Duration.ofHours(2));
    String id = publishedBefore(Duration.ofHours(1));
    publishedBefore(Duration.ofMinutes(10));
    lab.redis().xgroupCreate(XReadArgs.StreamOffset.from("in", id), "g", new XGroupCreateArgs());

    assertThat(look(Consumers.PENDING).lag()).isEmpty();
    assertThat(oldestUnread()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
  }

  @Test
  void anEntryOfTheFutureIsNotOld() {
    lab.withGroup();
    lab.redis().xadd("in", new XAddArgs().id("18446744073709551614-0"), Map.of("data", "x"));
    assertThat(oldestUnread()).isZero();

    lab.deliver("a", 1);
    assertThat(look(Consumers.PENDING).oldest().orElseThrow().published()).isZero();
  }

  @Test
  void theAgeOfWhatIsUnreadIsUnknownWithoutTheGroupOrTheRightToAsk() {
    assertThat(look(Consumers.PENDING).oldestUnread()).isEmpty();
    lab.withEntries(1);
    assertThat(look(Consumers.PENDING).oldestUnread()).isEmpty();

    lab.withGroup();
    lab.redis()
        .aclSetuser(
            "default",
            io.lettuce.core.AclSetuserArgs.Builder.removeCommand(CommandType.EVAL)
                .removeCommand(CommandType.EVALSHA));
    assertThat(look(Consumers.PENDING).lag()).hasValue(1);
    assertThat(look(Consumers.PENDING).oldestUnread()).isEmpty();
  }

  private Duration oldestUnread() {
    return look(Consumers.PENDING).oldestUnread().orElseThrow();
  }

  private String publishedBefore(Duration age) {
    String id = new EntryId(Instant.now().minus(age).toEpochMilli(), 0).toString();
    return lab.redis().xadd("in", new XAddArgs().id(id), Map.of("data", "x"));
  }

  @Test
  void whereNothingIsPendingNothingIsOld() {
    lab.withGroup().withEntries(1);

    ObservedGroup seen = look(Consumers.PENDING);

    assertThat(seen.pending()).hasValue(0);
    assertThat(seen.oldest()).isEmpty();
    assertThat(seen.consumers()).isEmpty();
  }

  @Test
  void aLagThatRedisDoesNotKnowIsAbsent() {
    lab.withEntries(5);
    lab.redis().xgroupCreate(XReadArgs.StreamOffset.from("in", "3-0"), "g", new XGroupCreateArgs());

    ObservedGroup seen = look(Consumers.PENDING);

    assertThat(seen.presence()).isEqualTo(Presence.PRESENT);
    assertThat(seen.lag()).isEmpty();
    assertThat(seen.pending()).hasValue(0);
  }

  @Test
  void aGroupThatHasReadAllIsNotBehindWhateverRedisHasCounted() {
    lab.withGroup().withEntries(5).deliver("a", 5);
    // As in a replica of Redis 7.0 that was promoted: it was not told how many were read.
    lab.redis()
        .dispatch(
            CommandType.XGROUP,
            new StatusOutput<>(StringCodec.UTF8),
            new CommandArgs<>(StringCodec.UTF8)
                .add("SETID")
                .addKey("in")
                .add("g")
                .add("$")
                .add("ENTRIESREAD")
                .add(2));
    assertThat(lab.redis().xinfoGroups("in").toString()).contains("lag, 3");

    assertThat(look(Consumers.PENDING).lag()).hasValue(0);

    lab.withEntries(1);
    assertThat(look(Consumers.PENDING).lag().orElseThrow()).isPositive();
  }

  /** Redis 7.0 counts what was trimmed away as unread, for ever. */
  @Test
  void whatIsTrimmedAwayUnreadIsToldUntilTheGroupReadsOnAndIsNoLag() {
    lab.withGroup().withEntries(50).deliver("a", 5);
    assertThat(look(Consumers.PENDING).trimmed()).hasValue(0);

    lab.redis().xtrim("in", 10);
    ObservedGroup seen = look(Consumers.PENDING);
    assertThat(seen.trimmed()).hasValue(35);
    assertThat(seen.lag()).hasValue(10);

    lab.deliver("a", 100);
    assertThat(look(Consumers.PENDING).trimmed()).hasValue(0);
    assertThat(look(Consumers.PENDING).lag()).hasValue(0);

    lab.redis().xadd("in", Map.of("data", "x"));
    assertThat(look(Consumers.PENDING).trimmed()).hasValue(0);
    assertThat(look(Consumers.PENDING).lag().orElseThrow()).isBetween(1L, 11L);
  }

  @Test
  void aStreamOfWhichNobodyHasReadAnythingHasLostNothing() {
    lab.withGroup().withEntries(50);
    assertThat(look(Consumers.PENDING).trimmed()).hasValue(0);
    assertThat(look(Consumers.PENDING).lag()).hasValue(50);
  }

  @Test
  void whoHasSomethingPendingIsToldWithoutTheRightToAskForAllConsumers() {
    lab.withGroup().withEntries(2).deliver("a", 2).deliver("idle", 1);

    assertThat(look(Consumers.PENDING).consumers())
        .containsExactly(new ObservedConsumer("a", 2, Optional.empty(), Optional.empty()));
  }

  @Test
  void aMissingStreamAndAMissingGroupAreObservations() {
    assertThat(look(Consumers.ALL).presence()).isEqualTo(Presence.NO_STREAM);
    assertThat(look(Consumers.ALL).length()).hasValue(0);

    lab.withEntries(2);
    ObservedGroup seen = look(Consumers.ALL);
    assertThat(seen.presence()).isEqualTo(Presence.NO_GROUP);
    assertThat(seen.length()).hasValue(2);
    assertThat(seen.pending()).isEmpty();
    assertThat(seen.lag()).isEmpty();
    assertThat(seen.refused()).isEmpty();
    assertThat(lab.redis().xinfoGroups("in")).isEmpty();
  }

  @Test
  void whatIsRefusedIsToldAndTheRestIsThere() {
    lab.withGroup().withEntries(1);
    lab.redis().set("other", "text");
    ConsumerGroup other = new ConsumerGroup("other", "g");

    Inspection seen = result(inspection.look(List.of(other, GROUP), Consumers.ALL, List.of()));

    assertThat(seen.complete()).isFalse();
    assertThat(seen.groups()).extracting(ObservedGroup::group).containsExactly(other, GROUP);
    assertThat(seen.groups().getFirst().presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(seen.groups().getFirst().length()).isEmpty();
    assertThat(seen.groups().getFirst().refused().orElseThrow()).contains("WRONGTYPE");
    assertThat(seen.groups().getLast().length()).hasValue(1);
  }

  @Test
  void withoutTheRightToAskForConsumersThoseWithSomethingPendingAreTold() {
    lab.withGroup().withEntries(1).deliver("a", 1);
    lab.redis()
        .aclSetuser(
            "default",
            io.lettuce.core.AclSetuserArgs.Builder.removeCommand(
                io.lettuce.core.protocol.CommandType.XINFO));

    ObservedGroup seen = look(Consumers.ALL);

    assertThat(seen.presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(seen.refused().orElseThrow()).contains("NOPERM");
    assertThat(seen.consumers()).extracting(ObservedConsumer::name).containsExactly("a");
  }

  @Test
  void theLengthOfDeadLettersIsTold() {
    lab.redis().xadd("dlq", Map.of("data", "x"));
    lab.redis().set("text", "x");

    Inspection seen =
        result(inspection.look(List.of(), Consumers.ALL, List.of("dlq", "none", "text")));

    assertThat(seen.lengthOf("dlq")).hasValue(1);
    assertThat(seen.lengthOf("none")).hasValue(0);
    assertThat(seen.lengthOf("text")).isEmpty();
    assertThat(seen.lengthRefused("text").orElseThrow()).startsWith("WRONGTYPE");
    assertThat(seen.lengthRefused("dlq")).isEmpty();
    assertThat(Duration.between(seen.at(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aServerThatTakesNoWritesSaysSoInItsOwnWordsAndIsLookedAtAllTheSame() {
    lab.withGroup().withEntries(2).deliver("a", 1);
    assertThat(writesRefused()).isEmpty();

    lab.redis().configSet("maxmemory", "1");
    assertThat(writesRefused().orElseThrow()).startsWith("OOM command not allowed");
    assertThat(look(Consumers.ALL).pending()).hasValue(1);
    lab.redis().configSet("maxmemory", "0");
    assertThat(writesRefused()).isEmpty();

    lab.redis().configSet("min-replicas-to-write", "1");
    assertThat(writesRefused().orElseThrow()).startsWith("NOREPLICAS");
    lab.redis().configSet("min-replicas-to-write", "0");

    lab.redis().replicaof("127.0.0.1", 1);
    assertThat(writesRefused().orElseThrow()).startsWith("READONLY");
  }

  @Test
  void whoMayRunNoScriptsDoesNotKnowWhetherWritesAreTaken() {
    lab.redis().configSet("maxmemory", "1");
    lab.redis()
        .aclSetuser(
            "default",
            io.lettuce.core.AclSetuserArgs.Builder.removeCommand(CommandType.EVAL)
                .removeCommand(CommandType.EVALSHA));

    assertThat(writesRefused()).isEmpty();
  }

  private Optional<String> writesRefused() {
    return result(inspection.look(List.of(GROUP), Consumers.ALL, List.of())).writesRefused();
  }

  @Test
  void groupsOfOneStreamShareTheQuestionsAboutIt() {
    lab.withGroup();
    lab.redis().configResetstat();
    List<ConsumerGroup> groups =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(i -> new ConsumerGroup("in", "g" + i))
            .toList();

    assertThat(result(inspection.look(groups, Consumers.PENDING, List.of())).groups()).hasSize(50);

    // The groups are asked for once by the command and once by the script that knows who is behind.
    assertThat(lab.redis().info("commandstats"))
        .contains(
            "cmdstat_xlen:calls=1,", "cmdstat_xinfo|groups:calls=2,", "cmdstat_time:calls=1,");
  }

  @Test
  void aServerThatDoesNotAnswerIsAFailureInTimeAndNothingIsThrown() {
    lab.server().pause();
    try {
      assertThat(failure(inspection.look(List.of(GROUP), Consumers.ALL, List.of("dlq"))))
          .isInstanceOf(io.lettuce.core.RedisCommandTimeoutException.class);
    } finally {
      lab.server().resume();
    }
    assertThat(look(Consumers.ALL).presence()).isEqualTo(Presence.NO_STREAM);
  }

  @Test
  void aClosedConnectionIsAFailureAndNothingIsThrown() {
    lab.link().close();

    assertThat(failure(inspection.look(List.of(GROUP), Consumers.ALL, List.of("dlq"))))
        .isInstanceOf(io.lettuce.core.RedisException.class);
  }
}
