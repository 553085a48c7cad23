package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.lane.Lanes;
import io.streamfleet.worker.lane.ParkedEntry;
import io.streamfleet.worker.own.Hand;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Step 10, for one stream: a user stops an entry, or all of a channel's. Belongs to the pipeline's
 * loop.
 */
final class Cancelling {

  private final Pipeline pipeline;
  private final Flow flow;
  private final Hand hand;

  /** Ids that a user stopped before they were in hand. */
  private final Set<EntryId> onArrival = new HashSet<>();

  Cancelling(Pipeline pipeline, Flow flow, Hand hand) {
    this.pipeline = pipeline;
    this.flow = flow;
    this.hand = hand;
  }

  void entry(EntryId id) {
    Entry entry = hand.entry(id);
    if (entry != null) {
      cancel(entry);
    } else {
      cancelKnownById(id);
    }
  }

  void channel(String channel) {
    for (Entry entry : List.copyOf(hand.entries())) {
      if (entry.channel().equals(channel)) {
        cancel(entry);
      }
    }
    Lanes lanes = pipeline.lanes();
    if (lanes != null) {
      for (ParkedEntry parked : lanes.parked(channel)) {
        if (parked.stream().equals(flow.stream())) {
          cancelKnownById(parked.id());
        }
      }
    }
  }

  private void cancel(Entry entry) {
    if (entry.settling()) {
      return;
    }
    if (pipeline.trackOf(entry).remove(entry)) {
      pipeline.settlement().cancel(flow, entry);
    } else {
      entry.interrupt(Interruption.CANCELLED);
    }
  }

  /** An entry that is known by id only is cancelled when it comes, as any other is. */
  private void cancelKnownById(EntryId id) {
    if (hand.parked().contains(id)) {
      pipeline.forgetParked(flow.stream(), Set.of(id));
      hand.unpark(id);
      hand.await(id, false);
    }
    if (hand.isWaiting(id)) {
      onArrival.add(id);
    }
  }

  /** Whether an entry that has just come into hand was stopped before; then it is settled so. */
  boolean stops(Entry arrived) {
    boolean stopped = onArrival.remove(arrived.entryId());
    if (stopped) {
      pipeline.settlement().cancel(flow, arrived);
    }
    return stopped;
  }

  /** Entries will not come: they are not ours. */
  void forget(Collection<EntryId> ids) {
    ids.forEach(onArrival::remove);
  }
}
