package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The workers that share the partitions of a stream in one group: each announces itself in Redis,
 * and is gone for the others when it has not done so for a while, or says so. Any thread may call.
 */
public final class Members {

  private static final Script ANNOUNCE = Script.beside(Members.class, "announce.lua");

  private final Link link;
  private final String key;
  private final Duration gone;

  /**
   * @param gone who was silent that long is not counted any more: not before its leases have run
   *     out, or its partitions would be assigned to somebody who can't have them
   */
  public Members(Link link, Partitions partitions, String group, Duration gone) {
    this.link = link;
    this.key = partitions.stream() + ":members:" + group;
    this.gone = gone;
  }

  /** Says that a worker is there, and hears of all that are, itself among them. */
  public CompletableFuture<List<String>> announce(String consumer) {
    return link.eval(ANNOUNCE, List.of(key), args -> args.add(consumer).add(gone.toMillis()))
        .thenApply(names -> names.stream().map(Link::text).toList());
  }

  /** Hears of all that are there. */
  public CompletableFuture<List<String>> list() {
    return announce("");
  }

  /** Says that a worker is gone. */
  public CompletableFuture<Void> leave(String consumer) {
    return link.number(CommandType.ZREM, Link.args().addKey(key).add(consumer))
        .thenAccept(removed -> {});
  }
}
