package io.streamfleet.torture.plan;

import java.time.Duration;

/**
 * Where it takes place, as far as the schedule depends on it.
 *
 * @param workers how many there usually are
 * @param beyond longer than locks last and entries idle before others claim them
 */
public record Setting(int workers, Duration beyond, Redis redis) {

  /** What kind of Redis there is. */
  public enum Redis {
    /** One server with an append-only file; workers have links of their own to it. */
    SINGLE,
    /** A master and its replica, neither with a file, under Sentinel. */
    SENTINEL,
    /** A Redis Cluster, whose nodes have files and replicas. */
    CLUSTER;

    boolean hasLinks() {
      return this == SINGLE;
    }

    boolean hasFile() {
      return this != SENTINEL;
    }

    /** The original has a client for one server, wherever that is, and none for a Cluster. */
    boolean knownToOriginals() {
      return this != CLUSTER;
    }

    boolean failsOver() {
      return this != SINGLE;
    }
  }
}
