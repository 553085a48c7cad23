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

  /** Lanes that wait until they may fetch once more. */
  private int refused;

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
      lane.parked.addAll(List.of(new ParkedEntry(retrying.streamName(), retrying.entryId())));
      add(1);
    }
  }

  /** An entry of a lane waits for long: all behind it is parked, and the caller parks it. */
  void rest(Lane lane, Entry entry) {
    parkQueue(lane);
    ParkedEntry resting = new ParkedEntry(entry.streamName(), entry.entryId());
    lane.resting = resting;
    lane.parked.addAll(List.of(resting));
    add(1);
  }

  /** An entry leaves a lane, in which it has its place still. */
  void park(Lane lane, Entry entry) {
    parkAll(lane, List.of(entry));
  }

  /**
   * The same for one that has just come, if there is room for it among those that are known. Behind
   * one that is left all that is newer is left.
   */
  void parkOrLeave(Lane lane, Entry entry) {
    boolean behind = lane.isBehindLeft(entry);
    if (behind || lane.parked.size() >= work.mostParkedOfLane()) {
      if (!behind) {
        lane.left.put(entry.streamName(), entry.entryId());
      }
      work.leave(entry);
    } else {
      park(lane, entry);
    }
  }

  /** Has what was left of a lane found, as soon as half of what is known has gone. */
  void refill(Lane lane) {
    if (!lane.left.isEmpty()
        && !lane.refills
        && lane.parked.size() <= work.mostParkedOfLane() / 2) {
      lane.refills = true;
      lane.left.keySet().forEach(work::lookForLeft);
    }
  }

  /** Entries leave a lane, in their order. */
  void parkAll(Lane lane, List<Entry> entries) {
    if (!entries.isEmpty()) {
      entries.forEach(entry -> work.park(entry, parkingOf(lane)));
      lane.parked.addAll(
          entries.stream()
              .map(entry -> new ParkedEntry(entry.streamName(), entry.entryId()))
              .toList());
      add(entries.size());
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
    parkAll(lane, lane.takeAll());
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
      again(checked);
      return;
    }
    work.fetchParked(
        stream,
        ids,
        left -> {
          lane.parked.addAll(left.stream().map(id -> new ParkedEntry(stream, id)).toList());
          add(left.size());
          if (left.size() < ids.size()) {
            checked.run();
          } else {
            again(checked);
          }
        });
  }

  private void again(Runnable checked) {
    refused++;
    loop.after(
        FETCH_PAUSE,
        () -> {
          refused--;
          checked.run();
        });
  }

  boolean wantRoom() {
    return refused > 0;
  }

  /** Entries of a lane are not ours any more, or wait somewhere else now. */
  void forget(Lane lane, StreamConsumer stream, Set<EntryId> ids) {
    int before = lane.parked.size();
    if (before > 0) {
      lane.parked.removeAll(stream, ids);
      ParkedEntry resting = lane.resting;
      if (resting != null && resting.stream().equals(stream) && ids.contains(resting.id())) {
        lane.resting = null;
      }
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
