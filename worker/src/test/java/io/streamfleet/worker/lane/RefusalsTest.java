package io.streamfleet.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamName;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lanes whose lock's key Redis refuses. */
class RefusalsTest {

  private static final StreamName IN = new StreamName(Direction.INBOUND, "in", "g", "w1");

  private final List<String> told = new ArrayList<>();
  private boolean logged;

  private final LaneWork work =
      (LaneWork)
          Proxy.newProxyInstance(
              LaneWork.class.getClassLoader(),
              new Class<?>[] {LaneWork.class},
              (proxy, method, args) -> {
                if (method.getName().equals("lockRefused")) {
                  told.add(args[1] + (args[3].equals(true) ? " is named" : " is unnamed"));
                  return args[3].equals(true) || logged;
                }
                return told.add(method.getName());
              });

  private final Refusals refusals = new Refusals(work, new Random(1));

  private Lane waiting(String channel) {
    Lane lane = new Lane("g", channel, "lock:" + channel, 0);
    lane.parked.add(new ParkedEntry(IN, EntryId.parse("1-0")));
    return lane;
  }

  /** The log has no line for it while it tells of another key. */
  @Test
  void aKeyIsNamedOnceHoweverLongItTakesUntilItIsItsTurn() {
    Lane lane = waiting("c");
    refusals.refused(lane, "WRONGTYPE");
    refusals.refused(lane, "WRONGTYPE");
    logged = true;
    refusals.refused(lane, "WRONGTYPE");
    refusals.refused(lane, "WRONGTYPE");

    assertThat(told)
        .containsExactly(
            "lock:c is unnamed", "lock:c is unnamed", "lock:c is unnamed", "lock:c is named");
  }

  @Test
  void itIsOverWhenNoLaneIsRefusedAnyMoreAndThenNewsAgain() {
    Lane one = waiting("one");
    Lane two = waiting("two");
    logged = true;
    refusals.refused(one, "NOPERM");
    refusals.refused(two, "NOPERM");
    assertThat(refusals.count()).isEqualTo(2);

    refusals.over(one);
    assertThat(told).doesNotContain("locksUsableAgain");
    refusals.over(two);
    refusals.refused(one, "NOPERM");

    assertThat(told)
        .containsExactly(
            "lock:one is unnamed",
            "lock:two is unnamed",
            "locksUsableAgain",
            "lock:one is unnamed");
  }
}
