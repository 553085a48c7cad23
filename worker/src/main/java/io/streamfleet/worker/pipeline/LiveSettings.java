package io.streamfleet.worker.pipeline;

import io.streamfleet.api.AutoclaimSpec;
import io.streamfleet.api.ReadSpec;
import io.streamfleet.api.RetrySpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.TraceSpec;
import java.util.Optional;

/**
 * What of a pipeline's settings may change while it runs: what the model declares as live, save the
 * time-outs of handlers, which are the handlers' own.
 *
 * @param batchSize the most entries that one read asks for
 * @param maxInFlight the most entries in flight at once
 * @param paused whether nothing more is taken in
 */
public record LiveSettings(
    int batchSize,
    int maxInFlight,
    AutoclaimSpec autoclaim,
    RetrySpec retry,
    TraceSpec trace,
    boolean paused) {

  /**
   * Those of a pipeline.
   *
   * @param platform whose messages it reads; none inbound
   */
  public static LiveSettings of(StreamConsumerGroupSpec spec, Optional<String> platform) {
    ReadSpec read = spec.read();
    return new LiveSettings(
        read.batchSize(),
        read.maxInFlight(),
        spec.autoclaim(),
        spec.retry(),
        spec.trace(),
        platform.map(name -> isPaused(spec, name)).orElseGet(() -> isPaused(spec)));
  }

  private static boolean isPaused(StreamConsumerGroupSpec spec) {
    return spec.inbound() != null && spec.inbound().paused();
  }

  private static boolean isPaused(StreamConsumerGroupSpec spec, String platform) {
    return spec.outbound() != null && spec.outbound().isPaused(platform);
  }
}
