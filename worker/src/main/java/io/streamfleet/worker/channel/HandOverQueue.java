package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.HandOver.Decision;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sends the entries of lanes to who holds their locks, many in one call. Belongs to the pipeline's
 * loop.
 */
final class HandOverQueue {

  /**
   * Ids in one transfer, and of transfers in one call before it is sent: each costs the server some
   * 3 us, during which it does nothing else.
   */
  private static final int PARCEL_IDS = 500;

  private final OpenLanes open;
  private final ParkedEntries parkedEntries;
  private final LaneWork work;
  private final LockBackoff lockBackoff;
  private final Map<StreamConsumer, List<Transfer>> packed = new LinkedHashMap<>();

  HandOverQueue(
      OpenLanes open, ParkedEntries parkedEntries, LaneWork work, LockBackoff lockBackoff) {
    this.open = open;
    this.parkedEntries = parkedEntries;
    this.work = work;
    this.lockBackoff = lockBackoff;
  }

  /**
   * What a lane has, parked or not, is to go to the holder of its lock; a transfer a stream. A lane
   * may know of a hundred thousand entries: those that are first in line go first, and when they
   * are delivered the lane asks again who has its lock.
   *
   * @return whether it has anything; if not, nothing is heard of it
   */
  boolean pack(Lane lane, Holder.Consumer holder) {
    lane.state = LaneState.HANDING_OVER;
    Map<StreamConsumer, List<EntryId>> ids = new HashMap<>();
    Stream.concat(
            lane.parked.stream(),
            lane.queue().stream()
                .map(entry -> new ParkedEntry(entry.streamName(), entry.entryId())))
        .limit(PARCEL_IDS)
        .forEach(next -> ids.computeIfAbsent(next.stream(), s -> new ArrayList<>()).add(next.id()));
    lane.transfers = ids.size();
    ids.forEach(
        (stream, some) ->
            packed
                .computeIfAbsent(stream, s -> new ArrayList<>())
                .add(new Transfer(lane.key, holder, some)));
    return !ids.isEmpty();
  }

  /** Sends what was packed in this turn. */
  void turn(LockEvents events) {
    packed.forEach(
        (stream, transfers) -> {
          List<Transfer> page = new ArrayList<>();
          int ids = 0;
          for (Transfer transfer : transfers) {
            page.add(transfer);
            ids += transfer.ids().size();
            if (ids >= PARCEL_IDS) {
              work.handOver(stream, List.copyOf(page), new Delivered(stream, events));
              page.clear();
              ids = 0;
            }
          }
          if (!page.isEmpty()) {
            work.handOver(stream, List.copyOf(page), new Delivered(stream, events));
          }
        });
    packed.clear();
  }

  private final class Delivered implements HandOver.Callback {

    private final StreamConsumer stream;
    private final LockEvents events;

    private Delivered(StreamConsumer stream, LockEvents events) {
      this.stream = stream;
      this.events = events;
    }

    @Override
    public void answered(Transfer transfer, Decision decision) {
      lockBackoff.works("hand entries over");
      Lane lane = open.ofKey(transfer.lockKey());
      if (lane == null) {
        return;
      }
      if (decision == Decision.HANDED_OVER) {
        // Also where the answer about another stream came first and the lane asks for its lock
        // again by now: these entries are another's.
        handedOver(lane, Set.copyOf(transfer.ids()));
      } else {
        // The client sends a call again whose answer was lost. The first one may have given the
        // entries to a holder that has handled them and gone since, which the second does not tell.
        work.doubt(stream, transfer.ids());
      }
      if (lane.state != LaneState.HANDING_OVER) {
        return;
      }
      lane.transfers--;
      if (lane.transfers > 0) {
        return;
      }
      if (decision == Decision.NOBODY_THERE) {
        events.poll(lane);
      } else {
        events.wantAgain(lane);
      }
    }

    private void handedOver(Lane lane, Set<EntryId> ids) {
      for (Entry entry : lane.takeAll()) {
        if (!(entry.streamName().equals(stream) && ids.contains(entry.entryId()))) {
          lane.add(entry);
        }
      }
      parkedEntries.forget(lane, stream, ids);
      work.handedOver(stream, ids);
    }

    @Override
    public void failed(Transfer transfer, Throwable failure) {
      lockBackoff.count("hand entries over", failure);
      // They may be the holder's already: who they belong to must be asked before they are handled.
      work.doubt(stream, transfer.ids());
      Lane lane = open.ofKey(transfer.lockKey());
      if (lane != null && lane.state == LaneState.HANDING_OVER && --lane.transfers == 0) {
        lockBackoff.retry(
            () -> {
              if (lane.state == LaneState.HANDING_OVER && lane.transfers == 0) {
                events.wantAgain(lane);
              }
            });
      }
    }
  }
}
