package io.streamfleet.worker.channel;

import java.time.Duration;

/**
 * What became of a lane's lock: given down to those who ask for locks, keep them and hand entries
 * over, so that none of them knows what a lane does next. Called on the pipeline's loop.
 */
interface LockEvents {

  /** The lock is ours, surely until then. */
  void gotLock(Lane lane, long until);

  /** The lock is not ours any more, or not surely. */
  void lostLock(Lane lane);

  /** The lock is to be asked for anew, whatever the lane waited for until now. */
  void wantAgain(Lane lane);

  /** Somebody holds the lock who takes nothing over: it is asked for again and again. */
  void poll(Lane lane);

  /** The lock can't be had for now: it is asked for again after a pause. */
  void waitBehind(Lane lane, Duration pause);
}
