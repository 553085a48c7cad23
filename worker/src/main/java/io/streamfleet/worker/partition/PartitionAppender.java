package io.streamfleet.worker.partition;

import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Appends the entries of a plain stream to its partitions, and checks that a failover has not lost
 * them. One call at a time.
 */
public final class PartitionAppender {

  private static final Script APPEND = Script.beside(PartitionAppender.class, "append.lua");

  /** The partition of entries whose channel can't be decoded; its worker writes the dead letter. */
  private static final int UNDECODABLE = 0;

  private final Link link;
  private final Partitions partitions;
  private final HeaderScan scan;
  private final long maxLength;
  private final Replication replication;

  /** The last entry of each partition that was appended or found under this grant. */
  private final Map<Integer, EntryId> last = new HashMap<>();

  /**
   * @param scan finds the channel in a payload
   * @param maxLength the approximate limit of entries of a partition; 0 keeps all
   */
  public PartitionAppender(Link link, Partitions partitions, HeaderScan scan, long maxLength) {
    this.link = link;
    this.partitions = partitions;
    this.scan = scan;
    this.maxLength = maxLength;
    this.replication = new Replication(link);
  }

  /** Starts under a new grant: nothing is known of the partitions. */
  void begin() {
    last.clear();
  }

  /**
   * Appends entries, which must be newer than those of earlier calls.
   *
   * @return true if all of them are there and replicas were waited for; false if a partition has
   *     lost entries, and the caller must start again
   */
  CompletableFuture<Boolean> append(List<WholeEntry> entries) {
    TreeMap<Integer, List<WholeEntry>> byPartition = new TreeMap<>();
    for (WholeEntry entry : entries) {
      byPartition.computeIfAbsent(partitionOf(entry), p -> new ArrayList<>()).add(entry);
    }
    List<CompletableFuture<Boolean>> appends =
        byPartition.entrySet().stream()
            .map(target -> append(target.getKey(), target.getValue()))
            .toList();
    return all(appends)
        .thenCompose(
            there ->
                there
                    ? replication.arrived().thenCompose(arrived -> areThere(byPartition))
                    : CompletableFuture.completedFuture(false));
  }

  private CompletableFuture<Boolean> areThere(Map<Integer, List<WholeEntry>> appended) {
    appended.forEach((partition, entries) -> last.put(partition, entries.getLast().id()));
    return all(appended.keySet().stream().map(partition -> append(partition, List.of())).toList());
  }

  private static CompletableFuture<Boolean> all(List<CompletableFuture<Boolean>> calls) {
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenApply(done -> calls.stream().allMatch(CompletableFuture::join));
  }

  private CompletableFuture<Boolean> append(int partition, List<WholeEntry> entries) {
    EntryId before = last.getOrDefault(partition, EntryId.ZERO);
    return link.eval(
            APPEND,
            () -> new IntegerOutput<>(Link.CODEC),
            List.of(partitions.streamOf(partition)),
            args -> {
              args.add(before.toString()).add(maxLength);
              entries.forEach(entry -> add(args, entry));
            })
        .thenApply(appended -> appended >= 0);
  }

  private static void add(CommandArgs<String, byte[]> args, WholeEntry entry) {
    args.add(entry.id().toString()).add(entry.texts().size());
    Stream.of(entry.texts().toArray()).forEach(text -> args.add((byte[]) text));
  }

  private int partitionOf(WholeEntry entry) {
    try {
      return partitions.of(scan.scan(entry.data()).channel());
    } catch (Undecodable e) {
      return UNDECODABLE;
    }
  }
}
