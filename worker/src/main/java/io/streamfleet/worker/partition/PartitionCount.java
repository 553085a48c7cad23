package io.streamfleet.worker.partition;

import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import io.streamfleet.redis.group.PartitionKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How many partitions a stream has in a group, which all workers and publishers have to agree on:
 * by another number the same channel is in another partition, and two workers would handle it.
 * Redis keeps the number, and it changes only when no worker goes by the old one and everything is
 * settled.
 */
public final class PartitionCount {

  private final Link link;
  private final Partitions partitions;
  private final String group;
  private final Members members;
  private final String key;

  /**
   * @param gone after which time a worker that was silent is not counted any more
   */
  public PartitionCount(Link link, Partitions partitions, String group, Duration gone) {
    this.link = link;
    this.partitions = partitions;
    this.group = group;
    this.members = new Members(link, partitions, group, gone);
    this.key = new PartitionKeys(partitions.stream(), group).count();
  }

  /**
   * Makes the number that of the group, if it may be. Waits for Redis.
   *
   * @throws RedisException that says what is in the way; it may be over later
   */
  public void require() {
    int before = known().orElse(partitions.count());
    if (before != partitions.count()) {
      List<String> workers = members.list().join();
      if (!workers.isEmpty()) {
        throw refused(before, "workers that read those are still there: " + workers);
      }
      Partitions old = new Partitions(partitions.stream(), before);
      firstWithWork(old)
          .ifPresent(
              stream -> {
                throw refused(before, "entries of " + stream + " are not settled");
              });
    }
    link.status(CommandType.SET, Link.args().addKey(key).add(partitions.count())).join();
  }

  private RedisException refused(int before, String why) {
    return new RedisException(
        ("%s has %d partitions in the group %s, and %d are configured. The number can be changed"
                + " when no worker runs and every entry is settled, but %s")
            .formatted(partitions.stream(), before, group, partitions.count(), why));
  }

  private Optional<Integer> known() {
    return Optional.ofNullable(link.status(CommandType.GET, Link.args().addKey(key)).join())
        .map(Integer::valueOf);
  }

  private Optional<String> firstWithWork(Partitions old) {
    List<ConsumerGroup> groups =
        old.streams().stream().map(stream -> new ConsumerGroup(stream, group)).toList();
    Inspection seen =
        new GroupInspection(link).look(groups, GroupInspection.Consumers.PENDING, List.of()).join();
    return seen.groups().stream()
        .filter(observed -> !observed.isSettled())
        .map(observed -> observed.group().stream())
        .findFirst();
  }
}
