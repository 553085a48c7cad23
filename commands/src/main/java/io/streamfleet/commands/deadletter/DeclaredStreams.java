package io.streamfleet.commands.deadletter;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The streams that a manifest declares, and how to find the channel in their payloads. */
public final class DeclaredStreams {

  private final Map<String, HeaderScan> scans = new LinkedHashMap<>();
  private final Map<String, String> replayedTo = new HashMap<>();
  private final HeaderScan otherwise;

  public DeclaredStreams(StreamConsumerGroupSpec spec) {
    InboundSpec inbound = spec.inbound();
    OutboundSpec outbound = spec.outbound();
    HeaderScan first = null;
    if (inbound != null) {
      HeaderScan scan = new HeaderScan(inbound.ordering().field());
      inbound.groupStreams().forEach(stream -> scans.put(stream, scan));
      inbound
          .splitStream()
          .ifPresent(whole -> inbound.readStreams().forEach(part -> replayedTo.put(part, whole)));
      first = scan;
    }
    if (outbound != null) {
      HeaderScan scan = new HeaderScan(outbound.ordering().field());
      outbound.platforms().forEach(it -> scans.putIfAbsent(outbound.streamOf(it), scan));
      first = first == null ? scan : first;
    }
    if (first == null) {
      throw new IllegalArgumentException("a manifest declares inbound or outbound streams");
    }
    this.otherwise = first;
  }

  /** Whether the manifest declares the stream. */
  public boolean declares(String stream) {
    return scans.containsKey(stream);
  }

  /**
   * The stream to which what was read from a stream is appended again. For a partition that a
   * splitter fills it is the stream that is split: an entry that comes into the partition by itself
   * has a higher id than those that the splitter is about to move there, and Redis refuses these.
   */
  String replayedTo(String stream) {
    return replayedTo.getOrDefault(stream, stream);
  }

  /** The channel of a letter; empty if its payload is lost or can't be decoded. */
  public Optional<String> channelOf(DeadLetter letter) {
    @Nullable HeaderScan known =
        letter.text(DeadLetter.ORIGINAL_STREAM).map(scans::get).orElse(null);
    try {
      return Optional.of((known == null ? otherwise : known).scan(letter.payload()).channel());
    } catch (Undecodable e) {
      return Optional.empty();
    }
  }
}
