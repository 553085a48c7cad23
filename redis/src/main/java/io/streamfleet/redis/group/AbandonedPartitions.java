package io.streamfleet.redis.group;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Releases the partitions of workers that are gone: they are not counted among the workers any
 * more, and others acquire their leases at once instead of when they expire. A worker that is there
 * after all has lost its leases, and acquires others.
 */
public final class AbandonedPartitions {

  private static final Script RELEASE =
      Script.beside(AbandonedPartitions.class, "release_leases.lua");

  private final Link link;
  private final PartitionKeys keys;

  public AbandonedPartitions(Link link, PartitionKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /**
   * Releases what these consumers have.
   *
   * @param partitions the streams of all partitions
   * @return how many leases were released
   */
  public CompletableFuture<Long> release(Collection<String> consumers, List<String> partitions) {
    if (consumers.isEmpty() || partitions.isEmpty()) {
      return CompletableFuture.completedFuture(0L);
    }
    CommandArgs<String, byte[]> names = Link.args().addKey(keys.members());
    consumers.forEach(names::add);
    // First: whoever has to acquire a lease is told by who is there.
    return link.number(CommandType.ZREM, names)
        .thenCompose(removed -> releaseLeases(consumers, partitions));
  }

  private CompletableFuture<Long> releaseLeases(
      Collection<String> consumers, List<String> partitions) {
    List<String> leases = partitions.stream().map(it -> keys.lease(link, it)).toList();
    List<CompletableFuture<Long>> calls =
        link.bySlot(leases).stream()
            .map(slot -> slot.stream().map(leases::get).toList())
            .map(
                slot ->
                    link.eval(RELEASE, slot, args -> consumers.forEach(args::add))
                        .thenApply(reply -> (Long) reply.getFirst()))
            .toList();
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenApply(done -> calls.stream().mapToLong(CompletableFuture::join).sum());
  }
}
