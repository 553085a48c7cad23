package io.streamfleet.worker.read;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.CallReport;
import java.util.List;

/**
 * Receives the entries of a source, and is notified of its requests. Called on the pipeline's loop.
 */
public interface Arrivals extends CallReport {

  /** New entries arrived; they already use credits. */
  void arrived(Batch batch);

  /**
   * An id is pending for this consumer.
   *
   * @param lifeBefore whether it was delivered to an earlier process of this name
   * @return whether there is room for more ids
   */
  boolean pendingForUs(EntryId id, boolean lifeBefore);

  /**
   * An id is pending for this consumer now, and was for another before, which may have died of it.
   *
   * @return whether there is room to hear of more
   */
  boolean pendingFromAnother(EntryId id);

  /** Ids were pending, but the stream holds them no more; the pending list has forgotten them. */
  void deleted(List<EntryId> ids);

  /** The comparison of the own pending entries is over: complete, failed or interrupted. */
  void looked();

  /** Whether no other request is in progress that makes entries pending for this consumer. */
  boolean mayLook();

  /** Whether new entries may be read: not while older ones wait for room. */
  boolean mayRead();
}
