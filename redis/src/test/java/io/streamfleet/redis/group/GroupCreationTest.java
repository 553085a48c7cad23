package io.streamfleet.redis.group;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static io.streamfleet.redis.group.Laboratory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A group is there after it was asked for, and begins where it was told to. */
class GroupCreationTest {

  private final Laboratory lab = new Laboratory();

  @AfterEach
  void close() {
    lab.close();
  }

  private GroupCreation from(String start) {
    return new GroupCreation(lab.link(), start);
  }

  @ParameterizedTest
  @CsvSource({"Beginning, 3", "End, 0", "2-0, 1"})
  void aNewGroupBeginsWhereItWasToldTo(String start, int delivered) {
    lab.withEntries(3);

    assertThat(result(from(start).create(GROUP))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(delivered);
  }

  @Test
  void aStreamIsCreatedWithItsGroup() {
    assertThat(result(from("End").create(GROUP))).isTrue();

    assertThat(lab.redis().xinfoGroups("in")).hasSize(1);
  }

  @Test
  void aGroupThatIsThereStaysAsItIs() {
    lab.withGroup().withEntries(2).deliver("a", 1);

    assertThat(result(from("Beginning").create(GROUP))).isFalse();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(2);
  }

  /** Where the group is; what was known of it before it is lost. */
  private GroupPosition position() {
    return result(from("End").position(GROUP)).orElseThrow();
  }

  private void destroy() {
    lab.redis().xgroupDestroy("in", "g");
  }

  @ParameterizedTest
  @CsvSource({"Beginning, 3", "End, 2", "2-0, 1"})
  void aLostGroupGoesOnBehindWhatItHadSeenIfItBeganAtTheEnd(String start, int delivered) {
    lab.withGroup().withEntries(3).deliver("a", 1);
    GroupPosition known = position();
    destroy();

    assertThat(result(from(start).recreate(GROUP, known))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(delivered);
  }

  @Test
  void whatAGroupReadSinceItWasAskedForCounts() {
    lab.withGroup().withEntries(3);
    GroupPosition known = position().movedTo(EntryId.parse("2-0"));
    destroy();

    assertThat(result(from("End").recreate(GROUP, known))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Beginning", "End", "700-0"})
  void aStreamThatIsNewIsReadFromItsBeginning(String start) {
    lab.redis().xadd("in", new XAddArgs().id("500-1"), Map.of("data", "x"));
    lab.withGroup().deliver("a", 1);
    GroupPosition known = position();
    lab.redis().del("in");
    lab.withEntries(5);

    assertThat(result(from(start).recreate(GROUP, known))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(5);
  }

  @Test
  void aStreamThatIsNewAndHasComeFurtherIsToldByItsFirstEntry() {
    lab.withEntries(2);
    lab.redis().xdel("in", "1-0");
    result(from("End").create(GROUP));
    GroupPosition known = position();
    lab.redis().del("in");
    lab.withEntries(5);

    assertThat(result(from("End").recreate(GROUP, known))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(5);
  }

  @Test
  void aGroupThatHasSeenNothingPassesOverNothing() {
    result(from("End").create(GROUP));
    GroupPosition known = position();
    lab.redis().flushall();
    lab.withEntries(5);

    assertThat(result(from("End").recreate(GROUP, known))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(5);
  }

  @Test
  void aStreamThatIsGoneComesBackWithItsGroupAtTheBeginning() {
    lab.withGroup().withEntries(3).deliver("a", 3);
    GroupPosition known = position();
    lab.redis().flushall();

    assertThat(result(from("End").recreate(GROUP, known))).isTrue();

    lab.withEntries(2).deliver("a", 10);
    assertThat(lab.pending()).hasSize(2);
  }

  @Test
  void aGroupThatOthersHaveMadeAgainStaysAsItIs() {
    lab.withGroup().withEntries(3).deliver("a", 3);

    assertThat(result(from("End").recreate(GROUP, position()))).isFalse();
  }

  @Test
  void aLostGroupOfWhichNothingIsKnownBeginsWhereItWasToldTo() {
    lab.withEntries(3);

    assertThat(result(from("End").recreate(GROUP, null))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).isEmpty();
  }

  @Test
  void whereTheServerDoesNotTellTheLastEntryReadIsWhereItGoesOn() {
    lab.withEntries(3);
    lab.redis().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.XINFO));

    assertThat(result(from("End").recreate(GROUP, GroupPosition.at(EntryId.parse("1-0")))))
        .isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(2);
  }

  @Test
  void thereIsNoPositionWithoutAGroup() {
    assertThat(result(from("End").position(GROUP))).isEmpty();
    lab.withEntries(1);
    assertThat(result(from("End").position(GROUP))).isEmpty();
  }

  @Test
  void aKeyThatIsNoStreamKeepsALostGroupFromBeingMadeAgain() {
    lab.redis().set("in", "text");

    assertThat(failure(from("End").recreate(GROUP, null))).hasMessageContaining("WRONGTYPE");
    assertThat(failure(from("Beginning").recreate(GROUP, null))).hasMessageContaining("WRONGTYPE");
  }

  @Test
  void aKeyThatIsNoStreamIsAnError() {
    lab.redis().set("in", "text");

    assertThat(failure(from("End").create(GROUP))).hasMessageContaining("WRONGTYPE");
  }

  @Test
  void aStartThatIsNoneIsRefused() {
    assertThatThrownBy(() -> from("Middle")).isInstanceOf(IllegalArgumentException.class);
  }
}
