package io.streamfleet.redis.group;

/**
 * What came of a departure.
 *
 * @param released entries that this made claimable at once; until somebody has claimed them, the
 *     name stays
 * @param nameGone whether the group has no such consumer (any more); also when the group itself or
 *     its stream is gone
 * @param alive whether the consumer turned out to be there: then nothing (more) was done
 */
public record DepartureResult(long released, boolean nameGone, boolean alive) {

  static final DepartureResult WITH_ITS_GROUP = new DepartureResult(0, true, false);
}
