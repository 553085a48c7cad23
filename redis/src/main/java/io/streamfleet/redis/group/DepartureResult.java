package io.streamfleet.redis.group;

/**
 * The result of removing a consumer.
 *
 * @param released entries that were made claimable; the consumer stays until others have claimed
 *     them
 * @param nameGone whether the consumer does not exist any more; also when the group or its stream
 *     does not exist
 * @param alive whether the consumer is alive: then nothing (more) was done
 */
public record DepartureResult(long released, boolean nameGone, boolean alive) {

  static final DepartureResult WITH_ITS_GROUP = new DepartureResult(0, true, false);
}
