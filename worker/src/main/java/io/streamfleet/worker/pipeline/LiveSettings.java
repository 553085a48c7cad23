package io.streamfleet.worker.pipeline;

import io.streamfleet.api.AutoclaimSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.LimitsSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.ReadSpec;
import io.streamfleet.api.RetrySpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.TraceSpec;
import io.streamfleet.worker.limit.Rates;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pipeline that may change while it runs: the live fields of the model, except
 * for the time-outs of handlers, which {@code Handlers} applies.
 *
 * @param batchSize the most entries of one read
 * @param maxInFlight the most entries in flight at once
 * @param paused whether the pipeline takes in no more entries
 * @param rates the rates at which entries may start
 * @param concurrency the most messages in progress at the endpoint
 */
public record LiveSettings(
    int batchSize,
    int maxInFlight,
    AutoclaimSpec autoclaim,
    RetrySpec retry,
    TraceSpec trace,
    boolean paused,
    Rates rates,
    int concurrency) {

  /**
   * The live settings of a pipeline.
   *
   * @param platform the platform of an outbound pipeline; empty for inbound
   */
  public static LiveSettings of(StreamConsumerGroupSpec spec, Optional<String> platform) {
    ReadSpec read = spec.read();
    LimitsSpec limits = limits(spec, platform);
    Integer concurrency = limits == null ? null : limits.concurrency();
    return new LiveSettings(
        read.batchSize(),
        read.maxInFlight(),
        spec.autoclaim(),
        spec.retry(),
        spec.trace(),
        platform.map(name -> isPaused(spec, name)).orElseGet(() -> isPaused(spec)),
        Rates.of(limits, platform.orElse("inbound")),
        concurrency == null ? Integer.MAX_VALUE : concurrency);
  }

  private static @Nullable LimitsSpec limits(
      StreamConsumerGroupSpec spec, Optional<String> platform) {
    InboundSpec inbound = spec.inbound();
    OutboundSpec outbound = spec.outbound();
    if (platform.isPresent()) {
      return outbound == null ? null : outbound.limits();
    }
    return inbound == null ? null : inbound.limits();
  }

  private static boolean isPaused(StreamConsumerGroupSpec spec) {
    return spec.inbound() != null && spec.inbound().paused();
  }

  private static boolean isPaused(StreamConsumerGroupSpec spec, String platform) {
    return spec.outbound() != null && spec.outbound().isPaused(platform);
  }
}
