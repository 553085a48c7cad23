package io.streamfleet.worker.pipeline;

import io.streamfleet.api.ControlSpec;
import io.streamfleet.api.DeadLetterSpec;
import io.streamfleet.api.OrderingMode;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.worker.channel.LockToken;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.partition.Partitions;
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
 * @param name for threads and logs
 * @param streams what it reads, all in one direction and for one consumer
 * @param partitions where the streams are partitions of one, in their order
 * @param platform whose messages it reads; none inbound, where each message names its own
 * @param lockToken the value of the locks that it holds
 * @param block how long a read waits at the server for the first entry
 * @param atStart what may change while it runs, as it is when it starts; see {@link
 *     SettingsInForce}
 * @param outboundStream the outbound stream of a platform, for what handlers emit
 * @param outboundMaxLength about how many entries an outbound stream keeps; 0 keeps all
 * @param drainTimeout how long handlers may take to end when a partition is another's to be
 * @param lifeBeforeIsKnown whether it is known what the last process of this consumer's name had
 *     begun with when it died
 * @param nanoTime for durations
 * @param clock for times that people read
 */
public record PipelineSettings(
    String name,
    Direction direction,
    String consumer,
    List<StreamConsumer> streams,
    Optional<Partitions> partitions,
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
    Duration drainTimeout,
    boolean lifeBeforeIsKnown,
    LongSupplier nanoTime,
    Clock clock,
    RandomGenerator random) {

  /** By what name people and metrics know a stream: partitions go by that of the whole. */
  public String nameOf(StreamConsumer stream) {
    return partitions.map(Partitions::stream).orElseGet(stream::stream);
  }

  /** Whether entries of a channel wait for each other. */
  public boolean ordered() {
    return ordering.mode() == OrderingMode.Channel;
  }
}
