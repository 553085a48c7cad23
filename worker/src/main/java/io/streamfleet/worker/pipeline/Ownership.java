package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.Countdown;
import io.streamfleet.worker.metrics.StreamMetrics;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.pending.Renewal;
import io.streamfleet.worker.read.Credits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Steps 5 and 6, for one stream: what is pending for us stays so, what is another's leaves the
 * hand, and nothing is handled that is in doubt. Belongs to the pipeline's loop.
 */
final class Ownership implements Renewal.Listener {

  private static final String RENEW = "renew entries";

  private final PipelineContext pipeline;
  private final StreamConsumer stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final PendingEntries pending;
  private final Renewal renewal;
  private final Cancellation cancellation;
  private final GroupRecovery recovery;
  private final CallReport calls;
  private final RandomGenerator random;

  Ownership(
      PipelineContext pipeline,
      StreamConsumer stream,
      StreamMetrics metrics,
      Credits credits,
      PendingEntries pending,
      Renewal renewal,
      Cancellation cancellation,
      GroupRecovery recovery,
      CallReport calls,
      RandomGenerator random) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.pending = pending;
    this.renewal = renewal;
    this.cancellation = cancellation;
    this.recovery = recovery;
    this.calls = calls;
    this.random = random;
  }

  /** Renews all that is pending for us. */
  void renewAll() {
    List<EntryId> ids = new ArrayList<>();
    for (Entry entry : pending.entries()) {
      ids.add(entry.entryId());
    }
    ids.addAll(pending.parked());
    ids.addAll(pending.waitingIds());
    renewal.renew(ids, this);
  }

  /**
   * Asks whether entries are ours still, before they are handled; those that are not are lost
   * before the continuation runs. Asks again, with back-off, until Redis answers.
   */
  void confirm(List<EntryId> ids, Runnable then) {
    confirm(ids, 1, then);
  }

  private void confirm(List<EntryId> ids, int attempt, Runnable then) {
    Runnable pageDone = new Countdown(Renewal.pages(ids.size()), then);
    renewal.renew(
        ids,
        new Renewal.Listener() {
          @Override
          public void renewed(
              List<EntryId> asked, Set<EntryId> lost, Set<EntryId> gone, long sentAt) {
            Ownership.this.renewed(asked, lost, gone, sentAt);
            if (recovery.underWay()) {
              askAgain(asked);
            } else {
              pageDone.run();
            }
          }

          @Override
          public void unknown(List<EntryId> asked, Throwable failure) {
            Ownership.this.unknown(asked, failure);
            askAgain(asked);
          }

          private void askAgain(List<EntryId> asked) {
            pipeline
                .loop()
                .after(
                    Backoff.REDIS.after(attempt, random),
                    () -> confirm(asked, attempt + 1, pageDone));
          }
        });
  }

  @Override
  public void renewed(List<EntryId> asked, Set<EntryId> lost, Set<EntryId> gone, long sentAt) {
    if (recovery.underWay()) {
      // Nothing is pending in a group that has just been made; what is with us will be again.
      return;
    }
    calls.worked(RENEW);
    for (EntryId id : asked) {
      Entry entry = pending.entry(id);
      if (!lost.contains(id)) {
        pending.believe(id);
        if (entry != null) {
          entry.owned(sentAt);
        }
      } else if (entry != null && !entry.settling()) {
        lose(entry);
      }
    }
    forget(lost);
    forget(gone);
  }

  /** Nobody is to wait any more for what is known by id only. */
  private void forget(Set<EntryId> ids) {
    if (!ids.isEmpty()) {
      pipeline.forgetParked(stream, ids);
      ids.forEach(pending::unpark);
      pending.forgetWaiting(ids);
      cancellation.forget(ids);
    }
  }

  @Override
  public void unknown(List<EntryId> asked, Throwable failure) {
    calls.failed(RENEW, failure);
  }

  /** Entries may be another's: none is handled before it is confirmed. */
  void doubt(List<EntryId> ids) {
    pending.doubt(ids);
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      if (entry != null) {
        entry.doubt(pipeline.loop().now());
      }
    }
  }

  /**
   * A sweep has claimed entries, so nobody had renewed them for long. What we may have given away
   * before is with us anew: its last owner may have died of it. Else it would be handled by what
   * was known of it before, and never be delivered too often.
   */
  void claimed(List<EntryId> ids) {
    Set<EntryId> doubted = ids.stream().filter(pending::doubts).collect(Collectors.toSet());
    for (EntryId id : doubted) {
      Entry entry = pending.entry(id);
      if (entry != null && !entry.settling()) {
        lose(entry);
      }
    }
    forget(doubted);
  }

  // --- out of hand

  /**
   * An entry is another's, or was settled by another: it is no longer in flight, and its handler is
   * interrupted.
   */
  void lose(Entry entry) {
    if (drop(entry)) {
      metrics.lost(1);
      if (!pipeline.orderOf(entry).remove(entry)) {
        entry.interrupt(Interruption.ENTRY_LOST);
      }
    }
  }

  /** An entry is no longer in flight; false if it was not. */
  boolean drop(Entry entry) {
    boolean dropped = pending.drop(entry);
    if (dropped) {
      credits.gone(entry);
    }
    return dropped;
  }

  /** An entry is no longer in flight and stays ours, known by id. */
  void park(Entry entry) {
    if (pending.entry(entry.entryId()) == entry) {
      pending.park(entry);
      credits.gone(entry);
    }
  }

  /** Entries were given to who holds their channel's lock. */
  void handedOver(Set<EntryId> ids) {
    metrics.handedOver(ids.size());
    for (EntryId id : ids) {
      Entry entry = pending.entry(id);
      // A user may have stopped it meanwhile: then it is on its way out, and counted there.
      if (entry != null && !entry.settling()) {
        drop(entry);
      }
      pending.unpark(id);
    }
  }
}
