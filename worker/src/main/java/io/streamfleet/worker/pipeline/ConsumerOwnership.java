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
 * Of the entries of a stream that a group shares: they are ours as long as they are pending for
 * this consumer. Belongs to the pipeline's loop.
 */
final class ConsumerOwnership implements Ownership, Renewal.Listener {

  private static final String RENEW = "renew entries";

  private final EventLoop loop;
  private final SettingsInForce settings;
  private final StreamEntries entries;
  private final PendingEntries pending;
  private final Renewal renewal;
  private final GroupRecovery recovery;
  private final CallReport calls;
  private final RandomGenerator random;

  ConsumerOwnership(
      EventLoop loop,
      SettingsInForce settings,
      StreamEntries entries,
      Renewal renewal,
      GroupRecovery recovery,
      CallReport calls,
      RandomGenerator random) {
    this.loop = loop;
    this.settings = settings;
    this.entries = entries;
    this.pending = entries.pending();
    this.renewal = renewal;
    this.recovery = recovery;
    this.calls = calls;
    this.random = random;
  }

  @Override
  public boolean isFresh(Entry entry, long now) {
    return now - entry.ownedAt() < settings.freshNanos();
  }

  @Override
  public boolean wasOurs(Entry entry, long at) {
    return at - entry.ownedAt() < settings.renewedWithinNanos();
  }

  /** Renews all that is pending for us. */
  @Override
  public void renewAll() {
    List<EntryId> ids = new ArrayList<>();
    for (Entry entry : pending.entries()) {
      ids.add(entry.entryId());
    }
    ids.addAll(pending.parked());
    ids.addAll(pending.waitingIds());
    renewal.renew(ids, this);
  }

  @Override
  public void confirm(List<EntryId> ids, Runnable then) {
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
            ConsumerOwnership.this.renewed(asked, lost, gone, sentAt);
            if (recovery.underWay()) {
              askAgain(asked);
            } else {
              pageDone.run();
            }
          }

          @Override
          public void unknown(List<EntryId> asked, Throwable failure) {
            ConsumerOwnership.this.unknown(asked, failure);
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
   * A sweep has claimed entries, so nobody had renewed them for long. What we may have given away
   * before is with us anew: its last owner may have died of it. Else it would be handled by what
   * was known of it before, and never be delivered too often.
   */
  @Override
  public void claimed(List<EntryId> ids) {
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
