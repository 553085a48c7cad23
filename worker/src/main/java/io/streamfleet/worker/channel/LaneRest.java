package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.Set;

/** A lane whose first entry is parked until its next attempt is due. */
record LaneRest(Lane lane, ParkedEntries parkedEntries, LaneTransitions steps) implements Rest {

  @Override
  public void forget(StreamConsumer stream, Set<EntryId> ids) {
    parkedEntries.forget(lane, stream, ids);
    steps.next(lane);
  }

  @Override
  public void due(StreamConsumer stream, EntryId id) {
    if (new ParkedEntry(stream, id).equals(lane.resting)) {
      lane.resting = null;
      lane.isDue = true;
      lane.fetchSize.restart();
      steps.next(lane);
    }
  }
}
