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
 * Parks entries of lanes and fetches them again. A parked entry uses no credit; only its id is
 * kept. Belongs to the pipeline's loop, except for {@link #count()}.
 */
final class ParkedEntries {

  /** Until the next fetch if there was no room or no reply. */
  private static final Duration FETCH_PAUSE = Duration.ofMillis(100);

  private final EventLoop loop;
  private final LaneWork work;
  private volatile int count;

  /** Lanes that wait for {@link #FETCH_PAUSE}. */
  private int refused;

  ParkedEntries(EventLoop loop, LaneWork work) {
    this.loop = loop;
    this.work = work;
  }

  /** Parks all entries of a lane that are in flight, which has no lock. */
  void park(Lane lane) {
    parkQueue(lane);
    Entry retrying = lane.retrying;
    if (retrying != null) {
      // Without the lock its next attempt cannot start; the count is in Redis.
      lane.retrying = null;
      work.park(retrying, parkingOf(lane));
      lane.parked.addAll(List.of(new ParkedEntry(retrying.streamName(), retrying.entryId())));
      add(1);
    }
  }

  /** An entry waits for long: parks all entries behind it; the caller parks the entry itself. */
  void rest(Lane lane, Entry entry) {
    parkQueue(lane);
    ParkedEntry resting = new ParkedEntry(entry.streamName(), entry.entryId());
    lane.resting = resting;
    lane.parked.addAll(List.of(resting));
    add(1);
  }

  /** Parks an entry at its position in the lane. */
  void park(Lane lane, Entry entry) {
    parkAll(lane, List.of(entry));
  }

  /**
   * Parks an entry that has just arrived, or leaves it out if the lane has too many parked entries.
   * All entries after one that was left out are left out, too.
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

  /** Requests a search for entries that were left out, once half of the parked ones are gone. */
  void refill(Lane lane) {
    if (!lane.left.isEmpty()
        && !lane.refills
        && lane.parked.size() <= work.mostParkedOfLane() / 2) {
      lane.refills = true;
      lane.left.keySet().forEach(work::lookForLeft);
    }
  }

  /** Parks entries in their order. */
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
   * Fetches a lane's parked entries, the oldest first, as far as there is room. No entry of the
   * lane starts meanwhile.
   *
   * @param then called when they have arrived, or after a pause; more may be parked
   */
  void fetch(Lane lane, int most, Runnable then) {
    // Entries that arrived later would use the credits that the parked ones need, and wait for
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

  /** Removes entries: they are not pending for this consumer any more, or wait elsewhere. */
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

  /** How many entries are parked. Thread-safe. */
  int count() {
    return count;
  }
}
