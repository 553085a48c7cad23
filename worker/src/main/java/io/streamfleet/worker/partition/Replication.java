package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Waits until a replica has what was written on a connection, which a failover then no longer
 * loses. It holds up everything behind it on that connection.
 *
 * <p>In a Cluster nothing is waited for: a connection there is one for each node, and {@code WAIT}
 * has no key by which to find the right one.
 */
public final class Replication {

  /** A replica that is further behind, or gone, must not keep a partition from being handled. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Where the reply of {@code ROLE} has the replicas of a master. */
  private static final int REPLICAS = 2;

  private final Link link;

  public Replication(Link link) {
    this.link = link;
  }

  /** Completes with whether the writes are surely on a replica; with true where there is none. */
  public CompletableFuture<Boolean> arrived() {
    if (link.isCluster()) {
      return CompletableFuture.completedFuture(true);
    }
    return link.list(CommandType.ROLE, Link.args())
        .thenCompose(
            role ->
                role.size() > REPLICAS
                        && role.get(REPLICAS) instanceof List<?> replicas
                        && !replicas.isEmpty()
                    ? awaitOne()
                    : CompletableFuture.completedFuture(true));
  }

  private CompletableFuture<Boolean> awaitOne() {
    return link.number(CommandType.WAIT, Link.args().add(1).add(LONGEST_WAIT.toMillis()))
        .thenApply(replicas -> replicas > 0);
  }
}
