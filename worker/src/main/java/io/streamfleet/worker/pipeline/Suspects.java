package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.entry.Suspicion;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.suspect.SuspectRecords;
import io.streamfleet.worker.suspect.TrialGate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The suspicions of entries in flight; changes are written to Redis. Belongs to the pipeline's
 * loop.
 */
final class Suspects implements TrialGate.Alone {

  private static final String NOTE = "note suspects";

  private final Persistent persistent;
  private final SuspectRecords records;

  /** Entries that were started alone. */
  private final Set<Entry> alone = new HashSet<>();

  Suspects(Persistent persistent, SuspectRecords records) {
    this.persistent = persistent;
    this.records = records;
  }

  /** Written to Redis before the entry starts, since it may kill this worker for good. */
  @Override
  public void begins(Entry entry, Runnable then) {
    Suspicion suspicion = entry.suspicion().withAlone(entry.suspicion().alone() + 1);
    persistent.call(
        NOTE,
        () -> records.alone(entry.streamName(), entry.entryId(), suspicion.alone()),
        _ -> {
          entry.suspicion(suspicion);
          alone.add(entry);
          then.run();
        });
  }

  @Override
  public void joined(Entry entry) {
    if (alone.remove(entry)) {
      takeBack(entry, entry.suspicion());
    }
  }

  /** The handler has ended, and the worker has not died. */
  void survived(Entry entry, Outcome outcome) {
    if (outcome instanceof Outcome.Success
        || outcome instanceof Outcome.Transient
        || outcome instanceof Outcome.Permanent
        || outcome instanceof Outcome.Limited
        || outcome instanceof Outcome.BatchFailed) {
      // The endpoint has answered.
      entry.endpointDeaths(0);
    }
    Suspicion suspicion = entry.suspicion();
    if (suspicion.equals(Suspicion.NONE)) {
      return;
    }
    boolean wasAlone = alone.remove(entry);
    boolean tried =
        !(outcome instanceof Outcome.NotRun)
            && !(outcome instanceof Outcome.NotPermitted)
            && !(outcome instanceof Outcome.Interrupted);
    if (tried) {
      entry.suspicion(Suspicion.NONE);
      settled(entry.streamName(), entry.entryId());
    } else if (wasAlone) {
      takeBack(entry, suspicion);
    }
  }

  /** Removes the record of an entry that is no suspect any more. */
  void settled(StreamConsumer stream, EntryId id) {
    persistent.call(NOTE, () -> records.forget(stream, List.of(id)), _ -> {});
  }

  private void takeBack(Entry entry, Suspicion suspicion) {
    Suspicion before = suspicion.withAlone(suspicion.alone() - 1);
    entry.suspicion(before);
    persistent.call(
        NOTE, () -> records.alone(entry.streamName(), entry.entryId(), before.alone()), _ -> {});
  }
}
