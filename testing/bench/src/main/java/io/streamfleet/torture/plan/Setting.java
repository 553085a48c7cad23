package io.streamfleet.torture.plan;

import java.time.Duration;
import java.util.Set;

/**
 * The properties of the environment that the schedule depends on.
 *
 * @param workers the usual number of workers
 * @param operated whether the operator manages the workers: then there are faults of the operator,
 *     and none of links
 * @param beyond longer than the lifetime of locks and the idle time before a claim
 * @param usual whether the usual faults are included
 * @param parts the optional faults
 */
public record Setting(
    int workers, boolean operated, Duration beyond, Redis redis, boolean usual, Set<Part> parts) {

  /** Whether workers have links of their own to Redis. */
  boolean hasLinks() {
    return redis == Redis.SINGLE && !operated;
  }

  /** The kind of Redis. */
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

    /** The original has a client for a single server, and none for a Cluster. */
    boolean knownToOriginals() {
      return this != CLUSTER;
    }

    boolean failsOver() {
      return this != SINGLE;
    }
  }
}
