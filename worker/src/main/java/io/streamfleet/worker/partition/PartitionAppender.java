package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.PartitionMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the entries of a plain stream to its partitions, and checks that a failover has not lost
 * them. One call at a time.
 */
final class PartitionAppender {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionAppender.class);

  private static final Script APPEND = Script.beside(PartitionAppender.class, "append.lua");

  /** The partition of entries whose channel can't be decoded; its worker writes the dead letter. */
  private static final int UNDECODABLE = 0;

  private final Link link;
  private final StreamConsumer source;
  private final Partitions partitions;
  private final HeaderScan scan;
  private final PartitionMetrics metrics;
  private final Replication replication;
  private final Sparingly others = new Sparingly(Duration.ofMinutes(1), System::nanoTime);

  /** The last entry of each partition that was appended or found under this grant. */
  private final Map<Integer, EntryId> last = new HashMap<>();

  /** Begins under a new grant: nothing is known of the partitions. */
  PartitionAppender(Link link, SplitSource source, PartitionMetrics metrics) {
    this.link = link;
    this.source = source.stream();
    this.partitions = source.partitions();
    this.scan = source.scan();
    this.metrics = metrics;
    this.replication = new Replication(link);
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
                    ? replication
                        .copies(byPartition.keySet().stream().map(partitions::streamOf).toList())
                        .thenCompose(copies -> areThere(copies, byPartition))
                    : CompletableFuture.completedFuture(false));
  }

  /** A server that has taken over since may lack them, unless there is none that could. */
  private CompletableFuture<Boolean> areThere(
      Replication.Copies copies, Map<Integer, List<WholeEntry>> appended) {
    appended.forEach((partition, entries) -> last.put(partition, entries.getLast().id()));
    if (copies == Replication.Copies.NOT_KEPT) {
      return CompletableFuture.completedFuture(true);
    }
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
            List.of(partitions.streamOf(partition)),
            args -> {
              args.add(before.toString());
              entries.forEach(entry -> add(args, entry));
            })
        .thenApply(reply -> appended(partition, reply));
  }

  private boolean appended(int partition, List<Object> reply) {
    if (reply.isEmpty()) {
      return false;
    }
    metrics.split(source.stream(), source.group(), (long) reply.get(0));
    long overtaken = (long) reply.get(1);
    if (overtaken > 0) {
      others.say(
          unsaid ->
              LOG.atWarn()
                  .addKeyValue("partition", partitions.streamOf(partition))
                  .addKeyValue("entries", overtaken)
                  .addKeyValue("unsaid", unsaid)
                  .log(
                      "somebody appends entries to a partition beside the splitter; older ones of"
                          + " the plain stream were appended after those, under new ids"));
    }
    return true;
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
