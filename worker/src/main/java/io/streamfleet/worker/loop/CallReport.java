package io.streamfleet.worker.loop;

/** Notified of the results of calls to Redis, by operation. Called on the pipeline's loop. */
@FunctionalInterface
public interface CallReport {

  /**
   * A call failed; the caller tries again.
   *
   * @param operation one of a fixed set, since it becomes a label of a metric
   */
  void failed(String operation, Throwable failure);

  /** No call of this operation fails any more. */
  default void worked(String operation) {}
}
