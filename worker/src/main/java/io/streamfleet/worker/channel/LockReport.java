package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.CallReport;

/** Hears how it goes with the locks of channels, to tell people. Called on the pipeline's loop. */
public interface LockReport {

  /** A lane got its lock after a while, in nanoseconds. */
  void lockWaited(StreamConsumer stream, long nanos);

  /** A lock was lost while it was needed. */
  void lockLost(StreamConsumer stream);

  /**
   * Redis refuses the key of a channel's lock: the channel stands still.
   *
   * @param named whether the log names the key already
   * @return whether it does by now
   */
  boolean lockRefused(StreamConsumer stream, String key, String reason, boolean named);

  /** No channel stands still for such a reason any more. */
  void locksUsableAgain();

  /** Hears how calls about locks go; those that failed are tried again. */
  CallReport calls();
}
