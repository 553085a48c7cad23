package io.streamfleet.worker.suspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In which groups suspects are tried, and when. */
class TrialTest {

  private final Trial trial = new Trial();
  private final Pipe one = new Pipe("one");
  private final Pipe two = new Pipe("two");

  private record Message(Pipe member, int level, int number) implements Trial.Suspect {}

  /** A pipeline that does as it is told, and remembers it. */
  private final class Pipe implements Trial.Member {

    private final String name;
    private final List<Message> begun = new ArrayList<>();
    private final List<Message> alone = new ArrayList<>();
    private boolean held;
    private long round;

    Pipe(String name) {
      this.name = name;
    }

    @Override
    public void hold(long now) {
      held = true;
      round = now;
    }

    @Override
    public void letGo() {
      held = false;
    }

    @Override
    public void begin(Trial.Suspect suspect, boolean byItself) {
      begun.add((Message) suspect);
      if (byItself) {
        alone.add((Message) suspect);
      }
    }

    List<Message> suspects(int count, int level) {
      List<Message> all =
          IntStream.range(0, count).mapToObj(i -> new Message(this, level, i)).toList();
      all.forEach(trial::add);
      return all;
    }

    List<Message> group() {
      List<Message> group = List.copyOf(begun);
      begun.clear();
      return group;
    }

    void isQuiet() {
      trial.quiet(this, round);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  TrialTest() {
    trial.join(one);
    trial.join(two);
  }

  private void bothAreQuiet() {
    one.isQuiet();
    two.isQuiet();
  }

  /** How large the groups are in which so many suspects are tried who end well. */
  private List<Integer> groups(int count, int level) {
    List<Integer> sizes = new ArrayList<>();
    one.suspects(count, level);
    while (trial.isOn()) {
      bothAreQuiet();
      List<Message> group = one.group();
      sizes.add(group.size());
      group.forEach(trial::ended);
    }
    return sizes;
  }

  @Test
  void groupsShrinkWithTheDeathsThatTheirMembersWerePartOf() {
    // The first one begins the trial, before there are others.
    assertThat(groups(200, 1)).containsExactly(200);
    assertThat(groups(40, 2)).containsExactly(16, 16, 8);
    assertThat(groups(9, 3)).containsExactly(4, 4, 1);
    assertThat(groups(3, 4)).containsExactly(1, 1, 1);
    assertThat(groups(3, 9)).containsExactly(1, 1, 1);
  }

  @Test
  void nothingIsBegunBesideAGroup() {
    one.suspects(3, 1);
    assertThat(one.held).isTrue();
    assertThat(two.held).isTrue();
    one.isQuiet();
    assertThat(one.begun).as("the other still runs something").isEmpty();
    two.isQuiet();
    List<Message> group = one.group();
    assertThat(group).hasSize(3);
    trial.ended(group.get(0));
    trial.ended(group.get(1));
    assertThat(two.held).isTrue();
    trial.ended(group.get(2));

    assertThat(two.held).isFalse();
    assertThat(one.held).isFalse();
    assertThat(trial.isOn()).isFalse();
  }

  @Test
  void startsWaitingEntriesBetweenTwoGroups() {
    one.suspects(2, 4);
    bothAreQuiet();
    long first = two.round;
    trial.ended(one.group().getFirst());

    assertThat(two.round).as("let go, and held again").isGreaterThan(first);
    assertThat(one.begun).isEmpty();
    trial.quiet(two, first);
    one.isQuiet();
    assertThat(one.begun).as("quiet in the round before").isEmpty();
    two.isQuiet();
    assertThat(one.begun).hasSize(1);
  }

  @Test
  void thoseThatMostLikelyAreInnocentComeFirst() {
    one.suspects(2, 4);
    two.suspects(5, 2);
    bothAreQuiet();

    assertThat(two.group()).hasSize(5);
    assertThat(one.begun).isEmpty();
  }

  @Test
  void aSuspectIsAloneWhenNothingElseRuns() {
    Message suspect = one.suspects(1, 1).getFirst();
    bothAreQuiet();
    assertThat(one.alone).containsExactly(suspect);
    trial.ended(suspect);
    one.suspects(2, 3);
    bothAreQuiet();

    assertThat(one.begun).hasSize(3);
    assertThat(one.alone).hasSize(1);
  }

  @Test
  void aHandlerThatDoesNotEndIsNotWaitedForForEverAndThenNobodyIsAlone() {
    one.suspects(1, 4);
    one.isQuiet();
    trial.waitedEnough(one.round - 1);
    assertThat(one.begun).isEmpty();
    trial.waitedEnough(one.round);

    assertThat(one.begun).hasSize(1);
    assertThat(one.alone).isEmpty();
  }

  @Test
  void aSuspectWhoseHandlerDoesNotEndHoldsUpNobodyForEver() {
    List<Message> all = one.suspects(2, 4);
    bothAreQuiet();
    Message hangs = one.group().getFirst();
    trial.ended(hangs);
    bothAreQuiet();

    assertThat(one.group()).as("the next one").containsExactly(all.get(1));
    trial.ended(hangs);
    assertThat(trial.isOn()).as("the next one is still tried").isTrue();
    trial.ended(all.get(1));
    assertThat(trial.isOn()).isFalse();
    assertThat(two.held).isFalse();
  }

  @Test
  void aPipelineThatEndsHoldsUpNobody() {
    two.suspects(1, 4);
    one.suspects(1, 4);
    bothAreQuiet();
    trial.leave(two);
    one.isQuiet();

    assertThat(one.group()).hasSize(1);
    trial.leave(one);
    assertThat(trial.isOn()).isFalse();
  }
}
