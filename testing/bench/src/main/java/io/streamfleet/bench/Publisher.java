package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;

/** Adds entries at a fixed rate, whether or not anyone keeps up. */
interface Publisher {

  /**
   * Publishes for a while, and returns when Redis has taken all.
   *
   * @param timed whether the entries carry their time, and are recorded
   * @return how many entries were published since this was made
   */
  long publish(Duration duration, boolean timed) throws IOException, InterruptedException;

  /**
   * Has some of the timed entries watched until they are acknowledged, those that are due at fixed
   * times.
   *
   * @return whether it does; who adds to no stream has nothing to watch
   */
  default boolean watchedBy(AckWatch watch) {
    return false;
  }
}
