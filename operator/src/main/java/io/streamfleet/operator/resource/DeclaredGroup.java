package io.streamfleet.operator.resource;

import io.streamfleet.api.StartFrom;

/**
 * A consumer group that a fleet declares: it must exist in Redis before workers start.
 *
 * @param startFrom where the group starts if it does not exist yet: Beginning, End, or an entry id
 */
public record DeclaredGroup(Direction direction, String stream, String group, String startFrom) {

  /** The id with which {@code XGROUP CREATE} makes the group. */
  public String startId() {
    return StartFrom.redisId(startFrom);
  }
}
