package io.streamfleet.worker.read;

/**
 * Where entries come from. A seam: reading and taking the channel may one day be one atomic step.
 * Belongs to the pipeline's loop.
 */
public interface EntrySource {

  /** Begins, with what is pending from a life before. */
  void start(Arrivals arrivals);

  /** Called at the end of each turn of the loop: asks for more if there is room. */
  void turn(Arrivals arrivals);

  /** Wants the own pending entries compared with what is in flight. */
  void lookForLost();

  /** Asks for nothing any more. */
  void stop();

  /** Whether no request is on its way. */
  boolean idle();

  /** Whether a request for new entries is on its way: what comes next will be known. */
  boolean reading();
}
