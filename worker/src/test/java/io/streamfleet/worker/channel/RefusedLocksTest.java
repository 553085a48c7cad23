package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lanes whose lock's key Redis refuses. */
class RefusedLocksTest {

  private static final StreamConsumer IN = new StreamConsumer(Direction.INBOUND, "in", "g", "w1");

  private final List<String> told = new ArrayList<>();
  private boolean logged;

  private final LockReport work =
      (LockReport)
          Proxy.newProxyInstance(
              LockReport.class.getClassLoader(),
              new Class<?>[] {LockReport.class},
              (proxy, method, args) -> {
                if (method.getName().equals("lockRefused")) {
                  told.add(args[1] + (args[3].equals(true) ? " is named" : " is unnamed"));
                  return args[3].equals(true) || logged;
                }
                return told.add(method.getName());
              });

  private final RefusedLocks refusedLocks = new RefusedLocks(work, new Random(1));

  private Lane waiting(String channel) {
    Lane lane = new Lane("g", channel, "lock:" + channel, NoOrder.INSTANCE, 0);
    lane.parked.add(new ParkedEntry(IN, EntryId.parse("1-0")));
    return lane;
  }

  /** While another key is being reported, the log has no line for this one. */
  @Test
  void namesAKeyOnceTheLogHasALineForIt() {
    Lane lane = waiting("c");
    refusedLocks.refused(lane, "WRONGTYPE");
    refusedLocks.refused(lane, "WRONGTYPE");
    logged = true;
    refusedLocks.refused(lane, "WRONGTYPE");
    refusedLocks.refused(lane, "WRONGTYPE");

    assertThat(told)
        .containsExactly(
            "lock:c is unnamed", "lock:c is unnamed", "lock:c is unnamed", "lock:c is named");
  }

  @Test
  void reportsAgainAfterAllRefusalsHaveEnded() {
    Lane one = waiting("one");
    Lane two = waiting("two");
    logged = true;
    refusedLocks.refused(one, "NOPERM");
    refusedLocks.refused(two, "NOPERM");
    assertThat(refusedLocks.count()).isEqualTo(2);

    refusedLocks.over(one);
    assertThat(told).doesNotContain("locksUsableAgain");
    refusedLocks.over(two);
    refusedLocks.refused(one, "NOPERM");

    assertThat(told)
        .containsExactly(
            "lock:one is unnamed",
            "lock:two is unnamed",
            "locksUsableAgain",
            "lock:one is unnamed");
  }
}
