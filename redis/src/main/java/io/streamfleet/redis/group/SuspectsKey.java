package io.streamfleet.redis.group;

import io.streamfleet.redis.Link;
import java.time.Duration;

/**
 * Where it is kept which entries of a stream may be the death of who handles them.
 *
 * <p>The key is the stream's with {@code :suspects:} and the group's name behind it. In a Cluster
 * it must be in the slot of the stream: a stream without a hash tag is put in braces in it, and
 * where that leads nowhere (braces that are no tag) nothing is kept.
 */
public final class SuspectsKey {

  /**
   * What nobody adds to for a day is of entries that were handled, cancelled or trimmed since: a
   * killer kills more often than that.
   */
  public static final Duration KEPT = Duration.ofDays(1);

  private SuspectsKey() {}

  /** The key of a stream's suspects for a group; empty where none can be kept. */
  public static String of(Link link, ConsumerGroup group) {
    return link.beside(group.stream(), ":suspects:" + group.group()).orElse("");
  }
}
