package io.streamfleet.worker.lane;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lane.Lane.State;
import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.lock.HandOver.Parcel;
import io.streamfleet.worker.lock.HandOver.Verdict;
import io.streamfleet.worker.lock.Holder;
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
final class ParcelDesk {

  /**
   * Ids in one parcel, and of parcels in one call before it is sent: each costs the server some 3
   * us, during which it does nothing else.
   */
  private static final int PARCEL_IDS = 500;

  private final OpenLanes open;
  private final LaneSteps steps;
  private final Parking parking;
  private final LaneWork work;
  private final Setbacks setbacks;
  private final Map<StreamName, List<Parcel>> packed = new LinkedHashMap<>();

  ParcelDesk(OpenLanes open, LaneSteps steps, Parking parking, LaneWork work, Setbacks setbacks) {
    this.open = open;
    this.steps = steps;
    this.parking = parking;
    this.work = work;
    this.setbacks = setbacks;
  }

  /**
   * What a lane has, parked or not, is to go to the holder of its lock; a parcel a stream. A lane
   * may know of a hundred thousand entries: those that are first in line go first, and when they
   * are delivered the lane asks again who has its lock.
   */
  void pack(Lane lane, Holder.Consumer holder) {
    lane.state = State.HANDING_OVER;
    Map<StreamName, List<EntryId>> ids = new HashMap<>();
    Stream.concat(
            lane.parked.stream(),
            lane.queue().stream()
                .map(entry -> new ParkedEntry(entry.streamName(), entry.entryId())))
        .limit(PARCEL_IDS)
        .forEach(next -> ids.computeIfAbsent(next.stream(), s -> new ArrayList<>()).add(next.id()));
    lane.parcels = ids.size();
    ids.forEach(
        (stream, some) ->
            packed
                .computeIfAbsent(stream, s -> new ArrayList<>())
                .add(new Parcel(lane.key, holder, some)));
    if (ids.isEmpty()) {
      steps.wantAgain(lane);
    }
  }

  /** Sends what was packed in this turn. */
  void turn() {
    packed.forEach(
        (stream, parcels) -> {
          List<Parcel> page = new ArrayList<>();
          int ids = 0;
          for (Parcel parcel : parcels) {
            page.add(parcel);
            ids += parcel.ids().size();
            if (ids >= PARCEL_IDS) {
              work.handOver(stream, List.copyOf(page), new Delivered(stream));
              page.clear();
              ids = 0;
            }
          }
          if (!page.isEmpty()) {
            work.handOver(stream, List.copyOf(page), new Delivered(stream));
          }
        });
    packed.clear();
  }

  private final class Delivered implements HandOver.Answer {

    private final StreamName stream;

    private Delivered(StreamName stream) {
      this.stream = stream;
    }

    @Override
    public void answered(Parcel parcel, Verdict verdict) {
      setbacks.works("hand entries over");
      Lane lane = open.ofKey(parcel.lockKey());
      if (lane == null) {
        return;
      }
      if (verdict == Verdict.HANDED_OVER) {
        // Also where the answer about another stream came first and the lane asks for its lock
        // again by now: these entries are another's.
        handedOver(lane, Set.copyOf(parcel.ids()));
      } else {
        // The client sends a call again whose answer was lost. The first one may have given the
        // entries to a holder that has handled them and gone since, which the second does not tell.
        work.doubt(stream, parcel.ids());
      }
      if (lane.state != State.HANDING_OVER) {
        return;
      }
      lane.parcels--;
      if (lane.parcels > 0) {
        return;
      }
      if (verdict == Verdict.NOBODY_THERE) {
        steps.poll(lane);
      } else {
        steps.wantAgain(lane);
      }
    }

    private void handedOver(Lane lane, Set<EntryId> ids) {
      for (Entry entry : lane.takeAll()) {
        if (!(entry.streamName().equals(stream) && ids.contains(entry.entryId()))) {
          lane.add(entry);
        }
      }
      parking.forget(lane, stream, ids);
      work.handedOver(stream, ids);
    }

    @Override
    public void failed(Parcel parcel, Throwable failure) {
      setbacks.count("hand entries over", failure);
      // They may be the holder's already: who they belong to must be asked before they are handled.
      work.doubt(stream, parcel.ids());
      Lane lane = open.ofKey(parcel.lockKey());
      if (lane != null && lane.state == State.HANDING_OVER && --lane.parcels == 0) {
        setbacks.retry(
            () -> {
              if (lane.state == State.HANDING_OVER && lane.parcels == 0) {
                steps.wantAgain(lane);
              }
            });
      }
    }
  }
}
