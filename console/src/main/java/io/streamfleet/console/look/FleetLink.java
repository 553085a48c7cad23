package io.streamfleet.console.look;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.redis.Link;

/**
 * A fleet and the connection to its Redis.
 *
 * @param version of its resource: an answer of another version is not shared
 */
public record FleetLink(FleetKey key, String version, StreamConsumerGroupSpec spec, Link link) {}
