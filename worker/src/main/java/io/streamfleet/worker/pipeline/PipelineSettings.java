package io.streamfleet.worker.pipeline;

import io.streamfleet.api.AutoclaimSpec;
import io.streamfleet.api.ControlSpec;
import io.streamfleet.api.DeadLetterSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.ReadSpec;
import io.streamfleet.api.RetrySpec;
import io.streamfleet.api.TraceSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.worker.entry.StreamName;
import io.streamfleet.worker.lock.LockToken;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What tells one pipeline from another.
 *
 * @param name for threads and logs
 * @param streams what it reads, all in one direction and for one consumer
 * @param platform whose messages it reads; none inbound, where each message names its own
 * @param lockToken the value of the locks that it holds
 * @param outboundStream the outbound stream of a platform, for what handlers emit
 * @param outboundMaxLength about how many entries an outbound stream keeps; 0 keeps all
 * @param nanoTime for durations
 * @param clock for times that people read
 */
public record PipelineSettings(
    String name,
    Direction direction,
    String consumer,
    List<StreamName> streams,
    Optional<String> platform,
    LockToken lockToken,
    String startFrom,
    OrderingSpec ordering,
    ReadSpec read,
    AutoclaimSpec autoclaim,
    RetrySpec retry,
    DeadLetterSpec deadLetter,
    TraceSpec trace,
    ControlSpec control,
    UnaryOperator<String> outboundStream,
    long outboundMaxLength,
    LongSupplier nanoTime,
    Clock clock,
    RandomGenerator random) {

  /** Whether entries of a channel wait for each other. */
  public boolean ordered() {
    return ordering.mode() == OrderingMode.Channel;
  }

  /**
   * An entry whose ownership was confirmed within this time is ours: others may claim it after
   * twice as long at the earliest.
   */
  long freshNanos() {
    return autoclaim.minIdle().toNanos() / 2;
  }
}
