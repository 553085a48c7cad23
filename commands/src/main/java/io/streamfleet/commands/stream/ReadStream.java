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
 * @param platform whose stream it is; only outbound ones have one
 * @param paused whether the manifest says that nothing is taken in
 */
public record ReadStream(
    Direction direction,
    Optional<String> platform,
    ConsumerGroup group,
    OrderingSpec ordering,
    HandlerSpec handler,
    boolean paused) {

  /** All of a manifest, inbound first. */
  public static List<ReadStream> of(StreamConsumerGroupSpec spec) {
    List<ReadStream> all = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      for (String stream : inbound.streams()) {
        all.add(
            new ReadStream(
                Direction.INBOUND,
                Optional.empty(),
                new ConsumerGroup(stream, inbound.group()),
                inbound.ordering(),
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

  /** The key of the stream. */
  public String stream() {
    return group.stream();
  }

  /** What the worker reads of an entry's payload; empty when it cannot be decoded. */
  public Optional<Header> header(StreamEntry entry) {
    try {
      return Optional.of(new HeaderScan(ordering.field()).scan(entry.bytes(EntryFields.DATA)));
    } catch (Undecodable e) {
      return Optional.empty();
    }
  }

  /** The channel of an entry; empty when its payload cannot be decoded. */
  public Optional<String> channel(StreamEntry entry) {
    return header(entry).map(Header::channel);
  }

  /** The trace id of an entry: its own, else its payload's. */
  public Optional<String> trace(StreamEntry entry) {
    return entry.text(EntryFields.TRACE_ID).or(() -> header(entry).flatMap(Header::traceId));
  }

  /** Whether a channel's entries wait for its lock. */
  public boolean hasLocks() {
    return ordering.mode() == OrderingMode.Channel;
  }

  /** The key of a channel's lock, as far as it can be known without a payload. */
  public String lockKey(String channel, Optional<String> ofPayload) {
    String name = platform.or(() -> ofPayload).orElse("");
    return String.join(
        channel,
        Arrays.stream(ordering.lockTemplate().split(Pattern.quote("{channel}"), -1))
            .map(part -> part.replace("{platform}", name))
            .toList());
  }
}
