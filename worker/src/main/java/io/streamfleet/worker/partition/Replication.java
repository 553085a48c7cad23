package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.Link;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a replica has the writes of a connection, so that a failover does not lose them. It
 * delays all commands behind it on that connection, in a Cluster those for the same node.
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

  /** What is known of the replicas of servers, the worst last. */
  enum Copies {
    /** There are none, so no other server can take over without the writes. */
    NOT_KEPT,
    /** One of them has the writes. */
    ARRIVED,
    /** None of them has the writes yet. */
    UNKNOWN
  }

  /**
   * Completes with whether a replica has what was written to these keys; with true if there are no
   * replicas.
   */
  public CompletableFuture<Boolean> arrived(Collection<String> keys) {
    return copies(keys).thenApply(copies -> copies != Copies.UNKNOWN);
  }

  /** Waits for a replica of each server of these keys, and tells what is known of them. */
  CompletableFuture<Copies> copies(Collection<String> keys) {
    List<CompletableFuture<Copies>> servers =
        link.oneOfEachServer(keys).stream().map(this::ofServerOf).toList();
    return CompletableFuture.allOf(servers.toArray(CompletableFuture[]::new))
        .thenApply(
            all ->
                servers.stream()
                    .map(CompletableFuture::join)
                    .max(Comparator.naturalOrder())
                    .orElse(Copies.NOT_KEPT));
  }

  /** The same for leases, which are used all the same when they are not: people are told. */
  CompletableFuture<Boolean> leasesArrived(Collection<String> keys) {
    return arrived(keys)
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

  private CompletableFuture<Copies> ofServerOf(String key) {
    return link.listOfServerOf(key, CommandType.ROLE, Link.args())
        .thenCompose(
            role ->
                role.size() > REPLICAS
                        && role.get(REPLICAS) instanceof List<?> replicas
                        && !replicas.isEmpty()
                    ? awaitOne(key)
                    : CompletableFuture.completedFuture(Copies.NOT_KEPT));
  }

  private CompletableFuture<Copies> awaitOne(String key) {
    return link.listOfServerOf(
            key, CommandType.WAIT, Link.args().add(1).add(LONGEST_WAIT.toMillis()))
        .thenApply(reply -> (long) reply.getFirst() > 0 ? Copies.ARRIVED : Copies.UNKNOWN);
  }
}
