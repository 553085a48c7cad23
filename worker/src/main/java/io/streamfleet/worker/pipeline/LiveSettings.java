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
 * What of a pipeline's settings may change while it runs: what the model declares as live, save the
 * time-outs of handlers, which are the handlers' own.
 *
 * @param batchSize the most entries that one read asks for
 * @param maxInFlight the most entries in flight at once
 * @param paused whether nothing more is taken in
 * @param rates how many messages may begin in what time
 * @param concurrency how many messages the endpoint has at once
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
   * Those of a pipeline.
   *
   * @param platform whose messages it reads; none inbound
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
