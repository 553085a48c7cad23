package io.streamfleet.redis.group;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static io.streamfleet.redis.group.Laboratory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.redis.EntryId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"Beginning, 3", "End, 2"})
  void aLostGroupGoesOnBehindTheLastEntrySeenIfItBeganAtTheEnd(String start, int delivered) {
    lab.withEntries(3);

    assertThat(result(from(start).recreate(GROUP, EntryId.parse("1-0")))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).hasSize(delivered);
  }

  @Test
  void aLostGroupOfWhichNothingWasSeenBeginsWhereItWasToldTo() {
    lab.withEntries(3);

    assertThat(result(from("End").recreate(GROUP, null))).isTrue();

    lab.deliver("a", 10);
    assertThat(lab.pending()).isEmpty();
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
