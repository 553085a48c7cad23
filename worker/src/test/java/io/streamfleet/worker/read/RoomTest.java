package io.streamfleet.worker.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the pipelines of a worker share the room for payloads. */
class RoomTest {

  private final List<String> woken = new ArrayList<>();

  private Room.Share share(Room room, String name) {
    return room.share(() -> woken.add(name));
  }

  @Test
  void onePipelineHasItAll() {
    Room.Share only = share(new Room(100, 1), "only");

    assertThat(only.take(60)).isTrue();
    assertThat(only.take(41)).isFalse();
    assertThat(only.take(40)).isTrue();
    assertThat(only.free()).isZero();
    only.give(100);
    assertThat(only.free()).isEqualTo(100);
  }

  @Test
  void oneThatHangsLeavesTheOthersTheirPart() {
    Room room = new Room(100, 2);
    Room.Share hangs = share(room, "hangs");
    Room.Share goesOn = share(room, "goes on");

    assertThat(hangs.take(75)).as("its part and the common one").isTrue();
    assertThat(hangs.take(1)).isFalse();
    assertThat(goesOn.free()).isEqualTo(25);
    assertThat(goesOn.take(25)).isTrue();
    assertThat(goesOn.take(1)).isFalse();
    assertThat(hangs.taken() + goesOn.taken()).isEqualTo(room.most());
  }

  @Test
  void smallRequestsDoNotOvertakeAWaitingLargeOne() {
    Room room = new Room(100, 2);
    Room.Share large = share(room, "large");
    Room.Share small = share(room, "small");
    assertThat(small.take(60)).isTrue();

    assertThat(large.takeUpTo(50, 50)).isZero();
    small.give(20);
    assertThat(woken).contains("large");
    assertThat(small.take(20)).as("the common part is waited for").isFalse();
    assertThat(large.takeUpTo(50, 80)).isPositive();
    large.give(large.taken());
    assertThat(small.take(20)).isTrue();
  }

  @Test
  void aCancelledRequestBlocksNobody() {
    Room room = new Room(100, 2);
    Room.Share first = share(room, "first");
    Room.Share second = share(room, "second");
    assertThat(second.take(60)).isTrue();
    assertThat(first.takeUpTo(50, 50)).isZero();

    first.withdraw();

    assertThat(second.take(10)).isTrue();
  }
}
