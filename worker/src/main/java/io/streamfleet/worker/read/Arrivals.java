package io.streamfleet.worker.read;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.loop.CallReport;

/**
 * Who takes in what a source brings, and hears how its requests go. Called on the pipeline's loop.
 */
public interface Arrivals extends CallReport {

  /** New entries; their credits are taken. */
  void arrived(Batch batch);

  /**
   * An id is pending for this consumer.
   *
   * @param lifeBefore whether this process has not been at it yet
   * @return whether there is room to hear of more
   */
  boolean pendingForUs(EntryId id, boolean lifeBefore);

  /** The look through the own pending entries is over: at its end, or until the next try. */
  void looked();

  /** Whether nothing else is on its way that makes entries ours. */
  boolean mayLook();

  /** Whether new entries are wanted: not while older ones wait for room. */
  boolean mayRead();
}
