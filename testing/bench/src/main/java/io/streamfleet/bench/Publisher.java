package io.streamfleet.bench;

import java.io.IOException;
import java.time.Duration;

/** Adds entries at a fixed rate, whether or not the consumer keeps up. */
interface Publisher {

  /**
   * Publishes for this long, and returns when Redis has taken all entries.
   *
   * @param timed whether the entries carry their time and are recorded
   * @return the number of entries published since this was created
   */
  long publish(Duration duration, boolean timed) throws IOException, InterruptedException;

  /**
   * Has a sample of the timed entries, those due at fixed times, watched until they are
   * acknowledged.
   *
   * @return false if it does not add to a stream, and so has nothing to watch
   */
  default boolean watchedBy(AckWatch watch) {
    return false;
  }
}
