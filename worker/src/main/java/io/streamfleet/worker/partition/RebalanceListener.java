package io.streamfleet.worker.partition;

/**
 * Notified of the partitions that a worker gets and loses. Called on the loop.
 *
 * <p>The listener must call {@code drained} when no handler that was started under the grant runs
 * any more, or when the time for that is over. Until then the partition is not acquired again.
 */
public interface RebalanceListener {

  /** The partition was acquired. Its pending entries come before new ones. */
  void assigned(int partition, Grant grant);

  /** The partition is assigned to another worker: read and start nothing more, and settle. */
  void revoked(int partition, Runnable drained);

  /** The lease is lost, or Redis has lost data: nothing can be settled any more. */
  void lost(int partition, Runnable drained);

  /**
   * Whether reads and settlements were counted here as in Redis. Also true if that is unknown
   * because a call is in progress.
   */
  boolean agrees(int partition, long reads, long settlements);
}
