package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.Parking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Entries that wait behind another's lock, known by id only and outside the credits: out of hand
 * and back into it. Belongs to the pipeline's loop, but for {@link #count()}.
 */
final class ParkedEntries {

  /** Until parked entries are asked for again, when there was no room or no answer. */
  private static final Duration FETCH_PAUSE = Duration.ofMillis(100);

  private final EventLoop loop;
  private final LaneWork work;
  private volatile int count;

  ParkedEntries(EventLoop loop, LaneWork work) {
    this.loop = loop;
    this.work = work;
  }

  /** All that a lane has in flight leaves it. */
  void park(Lane lane) {
    parkQueue(lane);
    Entry retrying = lane.retrying;
    if (retrying != null) {
      // Its next attempt is not ours to make for now; its count is in Redis.
      lane.retrying = null;
      work.park(retrying, parkingOf(lane));
      lane.parked.addFirst(new ParkedEntry(retrying.streamName(), retrying.entryId()));
      add(1);
    }
  }

  private Parking parkingOf(Lane lane) {
    Parking known = lane.parking;
    if (known != null) {
      return known;
    }
    Parking made = (stream, ids) -> forget(lane, stream, ids);
    lane.parking = made;
    return made;
  }

  private void parkQueue(Lane lane) {
    for (Entry entry : lane.takeAll()) {
      work.park(entry, parkingOf(lane));
      lane.parked.add(new ParkedEntry(entry.streamName(), entry.entryId()));
      add(1);
    }
  }

  /**
   * Brings a lane's parked entries back, the oldest first, as far as there is room. Nothing of the
   * lane starts meanwhile.
   *
   * @param then runs when they are here, or after a pause: there may be more of them
   */
  void fetch(Lane lane, int most, Runnable then) {
    // What came later would keep the room in flight that the parked entries need, and wait for
    // them.
    parkQueue(lane);
    int room = Math.min(most, work.roomForParked());
    StreamConsumer stream = lane.parked.getFirst().stream();
    List<EntryId> ids = new ArrayList<>();
    while (!lane.parked.isEmpty()
        && ids.size() < room
        && lane.parked.getFirst().stream().equals(stream)) {
      ids.add(lane.parked.removeFirst().id());
    }
    add(-ids.size());
    lane.checking = true;
    Runnable checked =
        () -> {
          lane.checking = false;
          then.run();
        };
    if (ids.isEmpty()) {
      loop.after(FETCH_PAUSE, checked);
      return;
    }
    work.fetchParked(
        stream,
        ids,
        left -> {
          // Before what came later, as they were.
          left.reversed().forEach(id -> lane.parked.addFirst(new ParkedEntry(stream, id)));
          add(left.size());
          if (left.size() < ids.size()) {
            checked.run();
          } else {
            loop.after(FETCH_PAUSE, checked);
          }
        });
  }

  /** Entries of a lane are not ours any more, or wait somewhere else now. */
  void forget(Lane lane, StreamConsumer stream, Set<EntryId> ids) {
    int before = lane.parked.size();
    if (before > 0) {
      lane.parked.removeIf(parked -> parked.stream().equals(stream) && ids.contains(parked.id()));
      add(lane.parked.size() - before);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
  private void add(int more) {
    count += more;
  }

  /** How many entries are parked. May be asked from anywhere. */
  int count() {
    return count;
  }
}
