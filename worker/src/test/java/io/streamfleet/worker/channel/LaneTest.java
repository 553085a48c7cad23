package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.fleet.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in a lane, and what it allows. */
class LaneTest {

  private static final StreamConsumer IN = new StreamConsumer(Direction.INBOUND, "in", "g", "w1");
  private static final StreamConsumer MORE =
      new StreamConsumer(Direction.INBOUND, "more", "g", "w1");

  private final Lane lane = new Lane("c", "c", "lock:c", NoOrder.INSTANCE, 0);

  @Test
  void putsAnOlderEntryAtItsPlace() throws Exception {
    List<Entry> entries = add(IN, "2-0", "10-0", "9-5", "1-0", "9-10");

    assertThat(lane.take(10))
        .extracting(Entry::id)
        .containsExactly("1-0", "2-0", "9-5", "9-10", "10-0");
    assertThat(entries).allSatisfy(entry -> assertThat(entry.lease()).isSameAs(lane));
    assertThat(lane.hasWork()).isFalse();
  }

  @Test
  void keepsTheOrderOfArrivalBetweenStreams() throws Exception {
    add(IN, "5-0");
    add(MORE, "1-0");
    add(IN, "6-0");

    assertThat(lane.take(10))
        .extracting(Entry::toString)
        .containsExactly("in 5-0", "more 1-0", "in 6-0");
  }

  @Test
  void takesNothingThatIsBehindAnOlderParkedEntry() throws Exception {
    lane.parked.add(new ParkedEntry(IN, EntryId.parse("3-0")));
    add(IN, "2-0", "4-0");

    assertThat(lane.take(10)).extracting(Entry::id).containsExactly("2-0");
    assertThat(lane.take(10)).isEmpty();
    assertThat(lane.queuedCount()).isEqualTo(1);
  }

  @Test
  void takesBackOnlyWhatNoHandlerHasBegun() throws Exception {
    List<Entry> entries = add(IN, "1-0", "2-0", "3-0");
    lane.running.addAll(lane.take(3));
    entries.get(0).begin(() -> {}, 1);
    entries.get(1).begin(() -> {}, 2);
    // It is on its way back from the handler's thread.
    entries.get(1).end(3);

    assertThat(lane.takeNewest(0, any -> true)).containsExactly(entries.get(2));
    assertThat(lane.running).containsExactly(entries.get(0), entries.get(1));
  }

  @Test
  void allowsTheNextEntryUntilItIsHaltedOrTheTurnOrTheLockEnds() {
    lane.locked(100);
    lane.goOnUntil(50);
    assertThat(lane.allows(49)).isTrue();
    assertThat(lane.allows(50)).isFalse();

    lane.goOnUntil(200);
    assertThat(lane.allows(99)).isTrue();
    assertThat(lane.allows(100)).isFalse();

    lane.halt();
    assertThat(lane.allows(0)).isFalse();
    lane.goOnUntil(200);
    assertThat(lane.allows(0)).isTrue();
  }

  private List<Entry> add(StreamConsumer stream, String... ids) throws Exception {
    byte[] data = Traffic.text("{\"channel_id\":\"c\"}");
    List<Entry> entries = new ArrayList<>();
    for (String id : ids) {
      Entry entry =
          new Entry(
              stream,
              new RawEntry(EntryId.parse(id), 1, RawEntry.Content.WHOLE, data, null, null),
              data,
              new HeaderScan("channel_id").scan(data),
              0,
              0);
      entries.add(entry);
      lane.add(entry);
    }
    return entries;
  }
}
