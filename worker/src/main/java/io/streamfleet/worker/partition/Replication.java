package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a replica has the writes of a connection, so that a failover does not lose them. It
 * delays all commands behind it on that connection.
 *
 * <p>In a Cluster it does not wait: there is a connection for each node, and {@code WAIT} has no
 * key by which to select one.
 */
public final class Replication {

  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

  /** A replica that is further behind, or gone, must not keep a partition from being handled. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** The position of a master's replicas in the reply of {@code ROLE}. */
  private static final int REPLICAS = 2;

  private final Link link;
  private final Sparingly missing = new Sparingly(Duration.ofMinutes(1), System::nanoTime);

  public Replication(Link link) {
    this.link = link;
  }

  /** What is known of the replicas of a server. */
  enum Copies {
    /** There are none, so no other server can take over without the writes. */
    NOT_KEPT,
    /** One of them has the writes. */
    ARRIVED,
    /** None of them has the writes yet, or nobody knows, as in a Cluster. */
    UNKNOWN
  }

  /** Completes with whether a replica has the writes; with true if there are no replicas. */
  public CompletableFuture<Boolean> arrived() {
    return link.isCluster()
        ? CompletableFuture.completedFuture(true)
        : copies().thenApply(copies -> copies != Copies.UNKNOWN);
  }

  /** Waits for a replica, and tells what is known of them. */
  CompletableFuture<Copies> copies() {
    return link.isCluster() ? CompletableFuture.completedFuture(Copies.UNKNOWN) : ofAServer();
  }

  /** The same for leases, which are used all the same when they are not: people are told. */
  CompletableFuture<Boolean> leasesArrived() {
    return arrived()
        .exceptionally(failure -> false)
        .whenComplete(
            (there, failure) -> {
              if (!Boolean.TRUE.equals(there)) {
                missing.say(
                    unsaid ->
                        LOG.atWarn()
                            .addKeyValue("unsaid", unsaid)
                            .log(
                                "no replica has the leases of partitions yet: a failover now could"
                                    + " let two workers handle a channel for a moment"));
              }
            });
  }

  private CompletableFuture<Copies> ofAServer() {
    return link.list(CommandType.ROLE, Link.args())
        .thenCompose(
            role ->
                role.size() > REPLICAS
                        && role.get(REPLICAS) instanceof List<?> replicas
                        && !replicas.isEmpty()
                    ? awaitOne()
                    : CompletableFuture.completedFuture(Copies.NOT_KEPT));
  }

  private CompletableFuture<Copies> awaitOne() {
    return link.number(CommandType.WAIT, Link.args().add(1).add(LONGEST_WAIT.toMillis()))
        .thenApply(replicas -> replicas > 0 ? Copies.ARRIVED : Copies.UNKNOWN);
  }
}
