package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.channel.HandOver.Transfer;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.pending.Parking;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What lanes need done around them. Called on the pipeline's loop, answered there. */
public interface LaneWork {

  /** Entries of one channel meet the handler, one after the other. */
  void run(List<Entry> entries);

  /** Entries that wait for nothing meet the handler, side by side. */
  void runApart(List<Entry> entries);

  /**
   * An entry whose last attempt failed elsewhere is held up until its next one is due and counted;
   * then its track is told to {@linkplain DispatchOrder#resume resume} or {@linkplain
   * DispatchOrder#release release} it.
   */
  void awaitDue(Entry entry);

  /** Whether an entry's ownership was confirmed lately enough for its handling to start. */
  boolean fresh(Entry entry, long now);

  /**
   * Confirms the ownership of entries. Those lost are {@linkplain Lanes#remove removed} before the
   * continuation runs; without an answer it runs after a back-off.
   */
  void confirm(List<Entry> entries, Runnable then);

  /**
   * An entry is parked: it waits, known by id only, behind another's lock.
   *
   * @param where hears when it is to wait there no more
   */
  void park(Entry entry, Parking where);

  /** Whether others may soon wait for room in flight. */
  boolean roomIsScarce();

  /** How many entries of one lane may be known by their id only. */
  int mostParkedOfLane();

  /**
   * An entry that is one too many is neither in flight nor known any more. It stays pending for
   * this consumer, and is found again when {@link #lookForLeft} was asked for.
   */
  void leave(Entry entry);

  /** What was left is to be found, the oldest first; nothing new comes in meanwhile. */
  void lookForLeft(StreamConsumer stream);

  /** How many parked entries may be fetched now. */
  int roomForParked();

  /**
   * Fetches parked entries, as many as there is room for: they are offered again, or gone.
   *
   * @param then hears which are parked still, the last ones or all: there was no room for them, or
   *     Redis did not answer
   */
  void fetchParked(StreamConsumer stream, List<EntryId> ids, Consumer<List<EntryId>> then);

  /** Sends entries of a stream to who holds their channels' locks. */
  void handOver(StreamConsumer stream, List<Transfer> transfers, HandOver.Callback answer);

  /** Entries may belong to another consumer: none is handled before its ownership is confirmed. */
  void doubt(StreamConsumer stream, List<EntryId> ids);

  /** Entries belong to another consumer now. */
  void handedOver(StreamConsumer stream, Set<EntryId> ids);
}
