package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.Countdown;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.pending.PendingEntries;
import io.streamfleet.worker.pending.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The ownership of entries of one stream: renews entries that are pending for this consumer,
 * removes entries that are not any more, and confirms entries before they start. Belongs to the
 * pipeline's loop.
 */
final class Ownership implements Renewal.Listener {

  private static final String RENEW = "renew entries";

  private final EventLoop loop;
  private final StreamEntries entries;
  private final PendingEntries pending;
  private final Renewal renewal;
  private final GroupRecovery recovery;
  private final CallReport calls;
  private final RandomGenerator random;

  Ownership(
      EventLoop loop,
      StreamEntries entries,
      Renewal renewal,
      GroupRecovery recovery,
      CallReport calls,
      RandomGenerator random) {
    this.loop = loop;
    this.entries = entries;
    this.pending = entries.pending();
    this.renewal = renewal;
    this.recovery = recovery;
    this.calls = calls;
    this.random = random;
  }

  /** Renews all entries that are pending for this consumer. */
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
   * Confirms that entries are still pending for this consumer, before they start. Others are
   * removed before the continuation runs. Repeats the call with back-off until Redis answers.
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
            loop.after(
                Backoff.REDIS.after(attempt, random), () -> confirm(asked, attempt + 1, pageDone));
          }
        });
  }

  @Override
  public void renewed(List<EntryId> asked, Set<EntryId> lost, Set<EntryId> gone, long sentAt) {
    if (recovery.underWay()) {
      // Nothing is pending in a group that was just created; the recovery restores the entries.
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
        entries.lose(entry);
      }
    }
    entries.forget(lost);
    entries.forget(gone);
  }

  @Override
  public void unknown(List<EntryId> asked, Throwable failure) {
    calls.failed(RENEW, failure);
  }

  /**
   * A sweep has claimed entries, so nobody had renewed them for long. Entries among them that may
   * have been handed over are removed, so that they are fetched like any claimed entry: their last
   * owner may have died because of them, and their delivery must be counted.
   */
  void claimed(List<EntryId> ids) {
    Set<EntryId> doubted = ids.stream().filter(pending::doubts).collect(Collectors.toSet());
    for (EntryId id : doubted) {
      Entry entry = pending.entry(id);
      if (entry != null && !entry.settling()) {
        entries.lose(entry);
      }
    }
    entries.forget(doubted);
  }
}
