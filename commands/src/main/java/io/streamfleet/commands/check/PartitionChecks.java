package io.streamfleet.commands.check;

import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ObservedPartitions;
import io.streamfleet.redis.group.PartitionInspection;
import io.streamfleet.redis.group.PartitionedGroup;
import java.util.List;
import java.util.stream.Collectors;

/** Checks that each partition has a worker, and that workers go by as many as the manifest has. */
final class PartitionChecks {

  private static final String CHECK = "partitions";
  private static final String PARTITIONS = "docs/partitions.md";

  private PartitionChecks() {}

  static List<Finding> of(Link link, List<ReadStream> streams) {
    List<PartitionedGroup> groups = ReadStream.partitioned(streams);
    return RedisReply.of(() -> PartitionInspection.look(link, groups)).stream()
        .map(PartitionChecks::of)
        .toList();
  }

  private static Finding of(ObservedPartitions seen) {
    String stream = seen.group().whole().stream();
    int count = seen.partitions().size();
    if (seen.refused().isPresent()) {
      return Finding.warning(
          CHECK,
          "the owners of the partitions of %s could not be checked: %s"
              .formatted(stream, seen.refused().get()),
          "give the user the missing rights listed above",
          "docs/redis.md");
    }
    if (seen.agreed().orElse(count) != count) {
      return Finding.error(
          CHECK,
          "%s has %d partitions in the group %s, and the manifest has %d: its workers do not start"
              .formatted(stream, seen.agreed().getAsInt(), seen.group().whole().group(), count),
          "use the same inbound.partitions.count wherever the stream is read and published to",
          PARTITIONS + "#changing-the-number-of-partitions");
    }
    List<Integer> without = seen.withoutOwner();
    if (seen.present().isEmpty()) {
      return Finding.warning(
          CHECK,
          "no worker is there to have the %d partitions of %s".formatted(count, stream),
          "start workers",
          PARTITIONS);
    }
    return without.isEmpty()
        ? Finding.ok(
            CHECK,
            "each of the %d partitions of %s has a worker".formatted(count, stream),
            PARTITIONS)
        : Finding.warning(
            CHECK,
            "partitions of %s without a worker: %s"
                .formatted(
                    stream, without.stream().map(String::valueOf).collect(Collectors.joining(" "))),
            "run check again: a move takes a moment; if they stay, the log of the workers says why",
            PARTITIONS);
  }
}
