package io.streamfleet.commands.stream;

import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.Header;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stream that a manifest declares, with the group that reads it.
 *
 * @param platform the platform of an outbound stream; empty for inbound
 * @param paused whether the manifest pauses the stream, so that no new entries are read
 */
public record ReadStream(
    Direction direction,
    Optional<String> platform,
    ConsumerGroup group,
    OrderingSpec ordering,
    HandlerSpec handler,
    boolean paused) {

  /** All streams of a manifest, inbound first. */
  public static List<ReadStream> of(StreamConsumerGroupSpec spec) {
    List<ReadStream> all = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      for (String stream : inbound.readStreams()) {
        all.add(
            new ReadStream(
                Direction.INBOUND,
                Optional.empty(),
                new ConsumerGroup(stream, inbound.group()),
                inbound.partitions() == null ? inbound.ordering() : unlocked(inbound.ordering()),
                inbound.handler(),
                inbound.paused()));
      }
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      for (String platform : outbound.platforms()) {
        all.add(
            new ReadStream(
                Direction.OUTBOUND,
                Optional.of(platform),
                new ConsumerGroup(outbound.streamOf(platform), outbound.groupOf(platform)),
                outbound.ordering(),
                outbound.handler(),
                outbound.isPaused(platform)));
      }
    }
    return all;
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
