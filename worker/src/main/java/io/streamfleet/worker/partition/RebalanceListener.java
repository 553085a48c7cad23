package io.streamfleet.worker.partition;

import java.util.function.LongPredicate;

/**
 * Notified of the partitions that a worker gets and loses. Called on the loop.
 *
 * <p>The listener must call {@code drained} when no handler that was started under the grant runs
 * any more, or when the time for that is over. Until then the partition is not acquired again.
 */
public interface RebalanceListener {

  /**
   * The partition is ours. What is pending in it comes first.
   *
   * @param isSure whether nobody else can have the lease at a time, by the loop's clock, so that
   *     entries may be begun; for any thread
   */
  void assigned(int partition, Grant grant, LongPredicate isSure);

  /** The partition is assigned to another worker: read and start nothing more, and settle. */
  void revoked(int partition, Runnable drained);

  /** The lease is lost, or Redis has lost data: nothing can be settled any more. */
  void lost(int partition, Runnable drained);

  /** How many settlements were counted here under the present grant. */
  CallCount settlements(int partition);
}
