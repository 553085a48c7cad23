package io.streamfleet.worker.channel;

import java.time.Duration;

/**
 * The events of a lane's lock. Passed to the classes that acquire and renew locks and hand entries
 * over, so that they do not depend on {@link LaneTransitions}. Called on the pipeline's loop.
 */
interface LockEvents {

  /** The lock was acquired and is certainly held until a time, in the loop's nanoseconds. */
  void gotLock(Lane lane, long until);

  /** The lock was lost, or may have been. */
  void lostLock(Lane lane);

  /** Acquire the lock again, whatever the lane has waited for. */
  void wantAgain(Lane lane);

  /** The holder of the lock takes no hand-overs: try again with back-off. */
  void poll(Lane lane);

  /** The lock can't be acquired now: try again after a pause. */
  void waitBehind(Lane lane, Duration pause);
}
