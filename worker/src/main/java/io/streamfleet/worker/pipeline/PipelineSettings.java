package io.streamfleet.worker.pipeline;

import io.streamfleet.api.ControlSpec;
import io.streamfleet.api.DeadLetterSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.worker.channel.LockToken;
import io.streamfleet.worker.entry.StreamConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The settings of one pipeline.
 *
 * @param name the name in threads, logs and metrics
 * @param streams the streams that it reads, all in one direction and with one consumer name
 * @param platform the platform of an outbound pipeline; empty for inbound, where each message names
 *     its own
 * @param lockToken the value of the locks that it holds
 * @param block how long a read waits in the server for the first entry
 * @param atStart the live settings at the start; see {@link SettingsInForce}
 * @param outboundStream the outbound stream of a platform, for messages that handlers emit
 * @param outboundMaxLength the approximate limit of entries of an outbound stream; 0 keeps all
 * @param lifeBeforeIsKnown whether it is known which entries the previous process of this name had
 *     started when it died
 * @param nanoTime measures durations
 * @param clock the time that is shown to people
 */
public record PipelineSettings(
    String name,
    Direction direction,
    String consumer,
    List<StreamConsumer> streams,
    Optional<String> platform,
    LockToken lockToken,
    String startFrom,
    OrderingSpec ordering,
    Duration block,
    LiveSettings atStart,
    DeadLetterSpec deadLetter,
    ControlSpec control,
    UnaryOperator<String> outboundStream,
    long outboundMaxLength,
    boolean lifeBeforeIsKnown,
    LongSupplier nanoTime,
    Clock clock,
    RandomGenerator random) {

  /** Whether entries of a channel wait for each other. */
  public boolean ordered() {
    return ordering.mode() == OrderingMode.Channel;
  }
}
