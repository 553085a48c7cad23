package io.streamfleet.worker.pipeline;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;

/**
 * Connections for partitions.
 *
 * @param leases for the leases alone: what waits for replicas holds up what is behind it
 * @param reads for reads, which are not sent again
 */
record OwnedLinks(Link leases, Link reads) {

  static OwnedLinks open(RedisConnector connector) {
    return new OwnedLinks(connector.connect(), connector.connectOnce());
  }

  void close() {
    leases.close();
    reads.close();
  }
}
