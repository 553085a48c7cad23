package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.CallReport;

/** Notified of the locks of channels, for log and metrics. Called on the pipeline's loop. */
public interface LockReport {

  /** A lane got its lock after so many nanoseconds. */
  void lockWaited(StreamConsumer stream, long nanos);

  /** A lock was lost while it was needed. */
  void lockLost(StreamConsumer stream);

  /**
   * Redis refuses the key of a channel's lock: entries of the channel cannot start.
   *
   * @param named whether the key was logged already
   * @return whether the key is logged now
   */
  boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named);

  /** No key is refused any more. */
  void locksUsableAgain();

  /** Notified of calls for locks and hand-overs. */
  CallReport calls();
}
