package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.pending.Parking;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What lanes need from the pipeline. Called on the pipeline's loop; callbacks run there, too. */
public interface LaneWork {

  /** Passes entries of one channel to the handler, to run one after the other. */
  void run(List<Entry> entries);

  /** Passes entries to the handler that need not wait for each other. */
  void runApart(List<Entry> entries);

  /**
   * Waits until the next attempt of an entry, whose last one failed before it came here, is due and
   * counted. Then it calls {@link DispatchOrder#resume} or {@link DispatchOrder#release} of its
   * order.
   */
  void awaitDue(Entry entry);

  /** Whether ownership of an entry was confirmed recently enough to start it. */
  boolean fresh(Entry entry, long now);

  /**
   * Confirms the ownership of entries. Lost entries are {@linkplain Lanes#remove removed} before
   * the continuation runs. Without a reply it runs after a back-off.
   */
  void confirm(List<Entry> entries, Runnable then);

  /**
   * Parks an entry: from now on only its id is kept.
   *
   * @param where notified when the entry must not wait there any more
   */
  void park(Entry entry, Parking where);

  /** Whether credits are about to run out. */
  boolean roomIsScarce();

  /** How many parked entries one lane may have. */
  int mostParkedOfLane();

  /**
   * Forgets an entry that is above this limit. It stays pending for this consumer, and is found
   * again after {@link #lookForLeft}.
   */
  void leave(Entry entry);

  /**
   * Requests a search for entries that were left out, the oldest first. No new entries are read
   * meanwhile.
   */
  void lookForLeft(StreamConsumer stream);

  /** How many parked entries may be fetched now. */
  int roomForParked();

  /**
   * Fetches parked entries as far as there is room. They are offered again, unless they are lost.
   *
   * @param then called with the ids that stay parked, the last ones or all: there was no room for
   *     them, or Redis did not answer
   */
  void fetchParked(StreamConsumer stream, List<EntryId> ids, Consumer<List<EntryId>> then);

  /** Hands entries of a stream over to the holders of their channels' locks. */
  void handOver(StreamConsumer stream, List<Transfer> transfers, HandOver.Callback answer);

  /** Entries may be pending for another consumer: ownership must be confirmed before they start. */
  void doubt(StreamConsumer stream, List<EntryId> ids);

  /** Entries are pending for another consumer now. */
  void handedOver(StreamConsumer stream, Set<EntryId> ids);
}
