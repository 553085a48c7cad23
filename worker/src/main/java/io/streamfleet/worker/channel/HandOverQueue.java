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
 * Collects hand-overs of lanes to the holders of their locks, and sends many in one call. Belongs
 * to the pipeline's loop.
 */
final class HandOverQueue {

  /**
   * The limit of ids in one transfer. A call is sent as soon as its transfers have so many: each id
   * takes the server about 3 us, in which it does nothing else.
   */
  private static final int MOST_IDS = 500;

  private final OpenLanes open;
  private final ParkedEntries parkedEntries;
  private final LaneWork work;
  private final LockBackoff lockBackoff;
  private final Map<StreamConsumer, List<Transfer>> collected = new LinkedHashMap<>();

  HandOverQueue(
      OpenLanes open, ParkedEntries parkedEntries, LaneWork work, LockBackoff lockBackoff) {
    this.open = open;
    this.parkedEntries = parkedEntries;
    this.work = work;
    this.lockBackoff = lockBackoff;
  }

  /**
   * Collects the entries of a lane, parked or not, one transfer for each stream. A lane may have a
   * hundred thousand entries: only the first ones are sent, and when they are handed over the lane
   * asks again for its lock.
   *
   * @return false if the lane has no entries; then no event follows
   */
  boolean add(Lane lane, Holder.Consumer holder) {
    lane.state = LaneState.HANDING_OVER;
    Map<StreamConsumer, List<EntryId>> ids = new HashMap<>();
    Stream.concat(
            lane.parked.stream(),
            lane.queue().stream()
                .map(entry -> new ParkedEntry(entry.streamName(), entry.entryId())))
        .limit(MOST_IDS)
        .forEach(next -> ids.computeIfAbsent(next.stream(), s -> new ArrayList<>()).add(next.id()));
    lane.transfers = ids.size();
    ids.forEach(
        (stream, some) ->
            collected
                .computeIfAbsent(stream, s -> new ArrayList<>())
                .add(new Transfer(lane.key, holder, some)));
    return !ids.isEmpty();
  }

  /** Sends the transfers of this turn. */
  void turn(LockEvents events) {
    collected.forEach(
        (stream, transfers) -> {
          List<Transfer> page = new ArrayList<>();
          int ids = 0;
          for (Transfer transfer : transfers) {
            page.add(transfer);
            ids += transfer.ids().size();
            if (ids >= MOST_IDS) {
              work.handOver(stream, List.copyOf(page), new Delivered(stream, events));
              page.clear();
              ids = 0;
            }
          }
          if (!page.isEmpty()) {
            work.handOver(stream, List.copyOf(page), new Delivered(stream, events));
          }
        });
    collected.clear();
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
        // Even if the lane is in another state by now, because the reply for another stream came
        // first: these entries are pending for another consumer.
        handedOver(lane, Set.copyOf(transfer.ids()));
      } else {
        // The client repeats a call whose reply was lost. The first call may have handed the
        // entries
        // to a holder that has handled them and is gone, which the second reply does not show.
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
      // They may be handed over already: ownership must be confirmed before they are handled.
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
