package io.streamfleet.torture.testbed;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.AbandonedLocks;
import io.streamfleet.redis.group.ConsumerDeparture;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.DepartureResult;
import io.streamfleet.redis.group.NoticeChannels;
import java.time.Duration;
import java.util.List;

/**
 * The operator's cleanup of a worker's name, by the same scripts: hands over its entries in flight,
 * releases its locks, and removes the name once nothing is pending under it.
 *
 * @param lock the template of the locks' keys
 */
public record Departures(Link link, String lock) {

  /** Longer than a read blocks, so that a live worker has called within it. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final String NOTICES = "sg:control:notice";

  /**
   * Does as much as is possible now; call it again until it returns true.
   *
   * @param helped whether entries are handed over and locks released, or left to the sweeps
   * @return whether the name is removed
   * @throws java.util.concurrent.CompletionException when Redis does not answer
   */
  public boolean proceed(ConsumerGroup group, String name, boolean helped) {
    ConsumerDeparture departure = new ConsumerDeparture(link, NoticeChannels.of(link, NOTICES));
    if (!helped) {
      return departure.removeEmpty(group, name).join().nameGone();
    }
    DepartureResult departed = departure.release(group, name, SILENCE).join();
    if (!departed.alive()) {
      new AbandonedLocks(link, lock).release(List.of(name), List.of(group)).join();
    }
    return departed.nameGone();
  }
}
