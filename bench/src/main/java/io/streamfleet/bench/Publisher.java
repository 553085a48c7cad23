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
}
