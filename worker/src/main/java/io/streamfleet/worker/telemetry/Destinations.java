package io.streamfleet.worker.telemetry;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.PartitionsSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import java.util.HashMap;
import java.util.Map;

/** What people know a stream by: a partition goes by the name of the whole. */
final class Destinations {

  /**
   * A stream.
   *
   * @param partition its number as text; empty if it is no partition
   */
  record Destination(String name, String partition) {}

  private final Map<String, Destination> partitions = new HashMap<>();

  private Destinations() {}

  static Destinations of(StreamConsumerGroupSpec spec) {
    Destinations all = new Destinations();
    InboundSpec inbound = spec.inbound();
    PartitionsSpec split = inbound == null ? null : inbound.partitions();
    if (inbound != null && split != null) {
      for (String stream : inbound.streams()) {
        for (int i = 0; i < split.count(); i++) {
          all.partitions.put(
              PartitionsSpec.streamOf(stream, i), new Destination(stream, Integer.toString(i)));
        }
      }
    }
    return all;
  }

  Destination of(String stream) {
    Destination partition = partitions.get(stream);
    return partition == null ? new Destination(stream, "") : partition;
  }
}
