package io.streamfleet.worker.read;

/**
 * Where entries come from: a stream that a group shares, or a partition that one worker has.
 * Belongs to the pipeline's loop.
 */
public interface EntrySource {

  /** Starts, first with the entries that are pending from an earlier process of this name. */
  void start(Arrivals arrivals);

  /** Called at the end of each turn of the loop: requests more entries if there is room. */
  void turn(Arrivals arrivals);

  /** Requests a comparison of the own pending entries with the entries in flight. */
  void lookForLost();

  /** Sends no more requests. */
  void stop();

  /** Whether no request is in progress. */
  boolean idle();

  /** Whether a request for new entries is in progress. */
  boolean reading();

  /** Whether it asks for nothing at the moment: others read this, or there is nothing to read. */
  boolean isOff();
}
