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
 * What the operator does for the name of a worker that is gone, by the same scripts: hands over
 * what it had in flight, releases its locks, and removes the name when nothing is pending under it.
 *
 * @param lock the template of the locks' keys
 */
public record Departures(Link link, String lock) {

  /** Longer than a read blocks, so that a living worker has called within it. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final String NOTICES = "sg:control:notice";

  /**
   * Does as much as can be done now; to be called again until it is all.
   *
   * @param helped whether entries are handed over and locks released, or left to the sweeps
   * @return whether the name is gone
   * @throws java.util.concurrent.CompletionException when Redis could not be asked
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
