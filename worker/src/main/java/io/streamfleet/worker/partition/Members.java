package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.PartitionKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The workers that share the partitions of a stream in one group. Each announces itself in Redis;
 * one that has not done so for a while, or has left, is not counted any more. Thread-safe.
 */
public final class Members {

  private static final Script ANNOUNCE = Script.beside(Members.class, "announce.lua");

  private final Link link;
  private final String key;
  private final Duration gone;

  /**
   * @param gone after this time without an announcement a worker is not counted any more; at least
   *     the term of leases, or its partitions would be assigned to workers that cannot acquire them
   *     yet
   */
  public Members(Link link, Partitions partitions, String group, Duration gone) {
    this.link = link;
    this.key = new PartitionKeys(partitions.stream(), group).members();
    this.gone = gone;
  }

  /** Announces a worker. Returns the names of all workers, including this one. */
  public CompletableFuture<List<String>> announce(String consumer) {
    return link.eval(ANNOUNCE, List.of(key), args -> args.add(consumer).add(gone.toMillis()))
        .thenApply(names -> names.stream().map(Link::text).toList());
  }

  /** The names of all workers. */
  public CompletableFuture<List<String>> list() {
    return announce("");
  }

  /** Removes a worker. */
  public CompletableFuture<Void> leave(String consumer) {
    return link.number(CommandType.ZREM, Link.args().addKey(key).add(consumer))
        .thenAccept(removed -> {});
  }
}
