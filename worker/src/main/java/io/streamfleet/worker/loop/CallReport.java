package io.streamfleet.worker.loop;

/** Hears how calls of Redis go, by what they are for. Called on the pipeline's loop. */
@FunctionalInterface
public interface CallReport {

  /**
   * A call failed; whoever made it tries again.
   *
   * @param operation one of a closed set: it becomes a label of a metric
   */
  void failed(String operation, Throwable failure);

  /** Calls for this work, again or still. */
  default void worked(String operation) {}
}
