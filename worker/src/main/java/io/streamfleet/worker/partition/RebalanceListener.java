package io.streamfleet.worker.partition;

/**
 * What a worker does with the partitions that it gets and loses. Called on the loop.
 *
 * <p>Every way out of a partition ends with {@code drained}: it is called when no handler runs any
 * more that was begun under the grant, or when the time for that is over. Until then the partition
 * is not acquired again.
 */
public interface RebalanceListener {

  /** The partition is ours. What is pending in it comes first. */
  void assigned(int partition, Grant grant);

  /** Another worker is to have it: nothing more is read or begun, and what ended is settled. */
  void revoked(int partition, Runnable drained);

  /** The lease is gone, or Redis has forgotten something: nothing can be settled any more. */
  void lost(int partition, Runnable drained);

  /**
   * Whether reads and settlements were counted here as in Redis. True as well where that can't be
   * told because one is on its way.
   */
  boolean agrees(int partition, long reads, long settlements);
}
