package io.streamfleet.commands.top;

import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ObservedConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Channels of which something waits, and consumers that have something.
 *
 * @param looked how many entries were looked at
 * @param at by the clock of Redis
 */
public record TopLook(List<ChannelLoad> channels, List<Holding> holdings, long looked, Instant at) {

  /** What comes first. */
  public enum By {
    BACKLOG,
    PENDING,
    OLDEST
  }

  /** So many of each stream are sorted; who is not among them is not of those that have most. */
  private static final int CANDIDATES = 1_000;

  /**
   * Looks.
   *
   * @param most how many pending and how many unread entries of each stream are read; all
   *     partitions of a stream share them
   * @throws io.lettuce.core.RedisException when Redis fails
   */
  public static TopLook at(Link link, List<ReadStream> streams, int most, Progress progress) {
    Instant now = ServerTime.of(link);
    List<ChannelLoad> channels = new ArrayList<>();
    long looked = 0;
    for (ReadStream read : streams) {
      int share = read.partition().map(it -> Math.ceilDiv(most, it.count())).orElse(most);
      Sample sample = new Sample(link, read, share, now);
      sample.take(progress);
      looked += sample.pending() + sample.unread();
      channels.addAll(sample.channels(CANDIDATES));
    }
    return new TopLook(List.copyOf(channels), holdings(link, streams), looked, now);
  }

  /** The first of the channels by an order. */
  public List<ChannelLoad> first(By by, int limit) {
    return channels.stream().sorted(order(by)).limit(limit).toList();
  }

  private static Comparator<ChannelLoad> order(By by) {
    Comparator<ChannelLoad> byAll = Comparator.comparingLong(ChannelLoad::all);
    return switch (by) {
      case BACKLOG -> byAll.reversed();
      case PENDING -> Comparator.comparingLong(ChannelLoad::pending).reversed();
      case OLDEST ->
          Comparator.comparing(
                  (ChannelLoad load) -> load.oldestPending().orElse(Duration.ofSeconds(-1)))
              .reversed();
    };
  }

  private static List<Holding> holdings(Link link, List<ReadStream> streams) {
    Map<List<Object>, Holding> all = new LinkedHashMap<>();
    for (ReadStream read : streams) {
      PendingPages pages = new PendingPages(link, read.group());
      for (ObservedConsumer consumer :
          Consumers.of(link, read.group()).map(Consumers::all).orElse(List.of())) {
        all.merge(
            List.of(read.whole().group(), consumer.name()),
            new Holding(
                read.whole(),
                consumer,
                consumer.pending() > 0 ? pages.oldestOf(consumer.name()) : Optional.empty()),
            Holding::and);
      }
    }
    return all.values().stream()
        .sorted(Comparator.comparingLong((Holding it) -> it.consumer().pending()).reversed())
        .toList();
  }
}
