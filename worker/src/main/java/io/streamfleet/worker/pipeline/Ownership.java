package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Interruption;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.loop.Backoff;
import io.streamfleet.worker.observe.StreamMetrics;
import io.streamfleet.worker.own.Hand;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.Credits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Steps 5 and 6, for one stream: what is pending for us stays so, what is another's leaves the
 * hand, and nothing is handled that is in doubt. Belongs to the pipeline's loop.
 */
final class Ownership implements Renewal.Verdict {

  private final Pipeline pipeline;
  private final StreamName stream;
  private final StreamMetrics metrics;
  private final Credits credits;
  private final Hand hand;
  private final Renewal renewal;
  private final Cancelling cancelling;
  private final RandomGenerator random;

  Ownership(
      Pipeline pipeline,
      StreamName stream,
      StreamMetrics metrics,
      Credits credits,
      Hand hand,
      Renewal renewal,
      Cancelling cancelling,
      RandomGenerator random) {
    this.pipeline = pipeline;
    this.stream = stream;
    this.metrics = metrics;
    this.credits = credits;
    this.hand = hand;
    this.renewal = renewal;
    this.cancelling = cancelling;
    this.random = random;
  }

  /** Renews all that is pending for us. */
  void renewAll() {
    List<EntryId> ids = new ArrayList<>();
    for (Entry entry : hand.entries()) {
      ids.add(entry.entryId());
    }
    ids.addAll(hand.parked());
    ids.addAll(hand.waitingIds());
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
    int[] pages = {Renewal.pages(ids.size())};
    Runnable pageDone =
        () -> {
          if (--pages[0] == 0) {
            then.run();
          }
        };
    renewal.renew(
        ids,
        new Renewal.Verdict() {
          @Override
          public void renewed(List<EntryId> asked, Set<EntryId> lost, long sentAt) {
            Ownership.this.renewed(asked, lost, sentAt);
            pageDone.run();
          }

          @Override
          public void unknown(List<EntryId> asked, Throwable failure) {
            Ownership.this.unknown(asked, failure);
            pipeline
                .loop()
                .after(
                    Backoff.REDIS.after(attempt, random),
                    () -> confirm(asked, attempt + 1, pageDone));
          }
        });
  }

  @Override
  public void renewed(List<EntryId> asked, Set<EntryId> lost, long sentAt) {
    for (EntryId id : asked) {
      Entry entry = hand.entry(id);
      if (!lost.contains(id)) {
        if (entry != null) {
          entry.owned(sentAt);
        }
      } else if (entry != null && !entry.settling()) {
        lose(entry);
      }
    }
    if (!lost.isEmpty()) {
      pipeline.forgetParked(stream, lost);
      lost.forEach(hand::unpark);
      hand.forgetWaiting(lost);
      cancelling.forget(lost);
    }
  }

  @Override
  public void unknown(List<EntryId> asked, Throwable failure) {
    pipeline.trouble("renew entries", failure);
  }

  /** Entries may be another's: none is handled before it is confirmed. */
  void doubt(List<EntryId> ids) {
    for (EntryId id : ids) {
      Entry entry = hand.entry(id);
      if (entry != null) {
        entry.doubt(pipeline.loop().now());
      }
    }
  }

  // --- out of hand

  /**
   * An entry is another's, or was settled by another: it leaves the hand, and its handler stops.
   */
  void lose(Entry entry) {
    if (drop(entry)) {
      metrics.lost(1);
      if (!pipeline.trackOf(entry).remove(entry)) {
        entry.interrupt(Interruption.ENTRY_LOST);
      }
    }
  }

  /** An entry leaves the hand; false if it has already. */
  boolean drop(Entry entry) {
    boolean dropped = hand.drop(entry);
    if (dropped) {
      credits.gone(1);
    }
    return dropped;
  }

  /** An entry leaves the hand and stays ours, known by id. */
  void park(Entry entry) {
    if (hand.entry(entry.entryId()) == entry) {
      hand.park(entry);
      credits.gone(1);
    }
  }

  /** Entries were given to who holds their channel's lock. */
  void handedOver(Set<EntryId> ids) {
    metrics.handedOver(ids.size());
    for (EntryId id : ids) {
      Entry entry = hand.entry(id);
      if (entry != null) {
        drop(entry);
      }
      hand.unpark(id);
    }
  }
}
