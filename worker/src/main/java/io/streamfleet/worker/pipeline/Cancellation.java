package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.Lanes;
import io.streamfleet.worker.channel.ParkedEntry;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.pending.PendingEntries;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Step 10, for one stream: a user stops an entry, or all of a channel's. Belongs to the pipeline's
 * loop.
 */
final class Cancellation {

  private final PipelineContext pipeline;
  private final StreamIntake intake;
  private final PendingEntries pending;

  /** Ids that a user stopped before they were in flight. */
  private final Set<EntryId> onArrival = new HashSet<>();

  Cancellation(PipelineContext pipeline, StreamIntake intake, PendingEntries pending) {
    this.pipeline = pipeline;
    this.intake = intake;
    this.pending = pending;
  }

  void entry(EntryId id) {
    Entry entry = pending.entry(id);
    if (entry != null) {
      cancel(entry);
    } else {
      cancelKnownById(id);
    }
  }

  void channel(String channel) {
    for (Entry entry : List.copyOf(pending.entries())) {
      if (entry.channel().equals(channel)) {
        cancel(entry);
      }
    }
    Lanes lanes = pipeline.lanes();
    if (lanes != null) {
      for (ParkedEntry parked : lanes.parked(channel)) {
        if (parked.stream().equals(intake.stream())) {
          cancelKnownById(parked.id());
        }
      }
    }
  }

  private void cancel(Entry entry) {
    if (entry.settling()) {
      return;
    }
    if (pipeline.orderOf(entry).remove(entry)) {
      pipeline.settlement().cancel(intake, entry);
    } else {
      entry.interrupt(Interruption.CANCELLED);
    }
  }

  /** An entry that is known by id only is cancelled when it comes, as any other is. */
  private void cancelKnownById(EntryId id) {
    if (pending.parked().contains(id)) {
      pipeline.forgetParked(intake.stream(), Set.of(id));
      pending.unpark(id);
      pending.await(id, false);
    }
    if (pending.isWaiting(id)) {
      onArrival.add(id);
    }
  }

  /** Whether an entry that was just taken in was stopped before; then it is settled so. */
  boolean stops(Entry arrived) {
    boolean stopped = onArrival.remove(arrived.entryId());
    if (stopped) {
      pipeline.settlement().cancel(intake, arrived);
    }
    return stopped;
  }

  /** Entries will not come: they are not ours. */
  void forget(Collection<EntryId> ids) {
    ids.forEach(onArrival::remove);
  }
}
