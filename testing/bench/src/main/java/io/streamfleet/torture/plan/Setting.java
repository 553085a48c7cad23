package io.streamfleet.torture.plan;

import java.time.Duration;
import java.util.Set;

/**
 * Where it takes place, as far as the schedule depends on it.
 *
 * @param workers how many there usually are
 * @param operated whether the operator has the workers: then it is hurt as well, and links are not
 * @param beyond longer than locks last and entries idle before others claim them
 * @param usual whether there are the usual faults
 * @param parts what there is beside them
 */
public record Setting(
    int workers, boolean operated, Duration beyond, Redis redis, boolean usual, Set<Part> parts) {

  /** Whether workers have links of their own to Redis. */
  boolean hasLinks() {
    return redis == Redis.SINGLE && !operated;
  }

  /** What kind of Redis there is. */
  public enum Redis {
    /** One server with an append-only file. */
    SINGLE,
    /** A master and its replica, neither with a file, under Sentinel. */
    SENTINEL,
    /** A Redis Cluster, whose nodes have files and replicas. */
    CLUSTER;

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
