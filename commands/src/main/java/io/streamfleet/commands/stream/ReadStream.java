package io.streamfleet.commands.stream;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.PartitionedGroup;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.Header;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.worker.partition.Partitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stream that a manifest declares, with the group that reads it.
 *
 * @param platform the platform of an outbound stream; empty for inbound
 * @param partition of which stream it is a partition, if it is one
 * @param paused whether the manifest pauses the stream, so that no new entries are read
 */
public record ReadStream(
    Direction direction,
    Optional<String> platform,
    ConsumerGroup group,
    Optional<Partition> partition,
    OrderingSpec ordering,
    HandlerSpec handler,
    boolean paused) {

  /**
   * A partition of a stream.
   *
   * @param whole the stream that has partitions, and its group
   * @param number counts from 0
   * @param count how many there are
   */
  public record Partition(ConsumerGroup whole, int number, int count) {

    /** Whether the entries of a channel are in this partition. */
    public boolean has(String channel) {
      return new Partitions(whole.stream(), count).of(channel) == number;
    }

    /** As a fact about an entry. */
    public String described() {
      return "%d of %d".formatted(number, count);
    }
  }

  /** All streams of a manifest, inbound first. */
  public static List<ReadStream> of(StreamConsumerGroupSpec spec) {
    List<ReadStream> all = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      List<String> streams = inbound.readStreams();
      ConsumerGroup whole = new ConsumerGroup(inbound.streams().getFirst(), inbound.group());
      for (int number = 0; number < streams.size(); number++) {
        all.add(
            inbound(
                inbound,
                streams.get(number),
                inbound.partitions() == null
                    ? Optional.empty()
                    : Optional.of(new Partition(whole, number, streams.size()))));
      }
      inbound
          .splitStream()
          .ifPresent(stream -> all.add(inbound(inbound, stream, Optional.empty())));
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      for (String platform : outbound.platforms()) {
        all.add(
            new ReadStream(
                Direction.OUTBOUND,
                Optional.of(platform),
                new ConsumerGroup(outbound.streamOf(platform), outbound.groupOf(platform)),
                Optional.empty(),
                outbound.ordering(),
                outbound.handler(),
                outbound.isPaused(platform)));
      }
    }
    return all;
  }

  private static ReadStream inbound(
      InboundSpec inbound, String stream, Optional<Partition> partition) {
    return new ReadStream(
        Direction.INBOUND,
        Optional.empty(),
        new ConsumerGroup(stream, inbound.group()),
        partition,
        inbound.partitions() == null ? inbound.ordering() : unlocked(inbound.ordering()),
        inbound.handler(),
        inbound.paused());
  }

  /** Those of the streams that have partitions. */
  public static List<PartitionedGroup> partitioned(List<ReadStream> streams) {
    Map<ConsumerGroup, List<String>> parts = new LinkedHashMap<>();
    streams.forEach(
        it ->
            it.partition()
                .ifPresent(
                    partition ->
                        parts
                            .computeIfAbsent(partition.whole(), whole -> new ArrayList<>())
                            .add(it.stream())));
    return parts.entrySet().stream()
        .map(it -> new PartitionedGroup(it.getKey(), it.getValue()))
        .toList();
  }

  /** The stream of which this is a partition, as if it had none; itself if it is no partition. */
  public ReadStream whole() {
    return partition.isEmpty()
        ? this
        : new ReadStream(
            direction,
            platform,
            partition.get().whole(),
            Optional.empty(),
            ordering,
            handler,
            paused);
  }

  /** Whether entries of a channel may be in this stream. */
  public boolean mayHave(String channel) {
    return partition.map(it -> it.has(channel)).orElse(true);
  }

  /** In a partition entries keep their order without locks: one worker has it. */
  private static OrderingSpec unlocked(OrderingSpec ordering) {
    return new OrderingSpec(
        OrderingMode.None, ordering.field(), ordering.lockTtl(), ordering.lockTemplate());
  }

  /** The key of the stream. */
  public String stream() {
    return group.stream();
  }

  /** The header of an entry's payload; empty if it can't be decoded. */
  public Optional<Header> header(StreamEntry entry) {
    try {
      return Optional.of(new HeaderScan(ordering.field()).scan(entry.bytes(EntryFields.DATA)));
    } catch (Undecodable e) {
      return Optional.empty();
    }
  }

  /** The channel of an entry; empty if its payload can't be decoded. */
  public Optional<String> channel(StreamEntry entry) {
    return header(entry).map(Header::channel);
  }

  /** The trace id in the entry's field, or else in its payload. */
  public Optional<String> trace(StreamEntry entry) {
    return entry.text(EntryFields.TRACE_ID).or(() -> header(entry).flatMap(Header::traceId));
  }

  /** Whether workers lock the channels of the stream. */
  public boolean hasLocks() {
    return ordering.mode() == OrderingMode.Channel;
  }

  /**
   * The key of a channel's lock.
   *
   * @param ofPayload the platform in the payload, used for inbound streams; without it the key has
   *     an empty platform, if the template has one
   */
  public String lockKey(String channel, Optional<String> ofPayload) {
    String name = platform.or(() -> ofPayload).orElse("");
    return String.join(
        channel,
        Arrays.stream(ordering.lockTemplate().split(Pattern.quote("{channel}"), -1))
            .map(part -> part.replace("{platform}", name))
            .toList());
  }
}
