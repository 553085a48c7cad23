package io.streamfleet.worker.pipeline;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.worker.channel.LockToken;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.partition.Partitions;
import io.streamfleet.worker.partition.SplitSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The pipelines of a manifest: one for all inbound streams, and one for each outbound platform.
 *
 * @param consumer the consumer name
 * @param process random, the same for all pipelines of a process; see {@link LockToken}
 * @param lifeBeforeIsKnown whether it is known which entries the previous process of this name had
 *     started when it died
 * @param nanoTime measures durations
 * @param clock the time that is shown to people
 */
public record PipelinePlan(
    StreamConsumerGroupSpec spec,
    String consumer,
    UUID process,
    boolean lifeBeforeIsKnown,
    LongSupplier nanoTime,
    Clock clock,
    RandomGenerator random) {

  /**
   * The settings of the pipelines, inbound before outbound, platforms in the order of the manifest.
   *
   * @param firstNumber the number of the first pipeline, for its lock token; pipelines of failed
   *     starts had numbers, too
   */
  public List<PipelineSettings> pipelines(int firstNumber) {
    List<PipelineSettings> pipelines = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      pipelines.add(
          settings(
              "inbound",
              inbound.readStreams().stream().map(stream -> inbound(inbound, stream)).toList(),
              partitions(inbound),
              Optional.empty(),
              firstNumber,
              inbound.startFrom(),
              inbound.ordering()));
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      for (String platform : outbound.platforms()) {
        StreamConsumer stream =
            new StreamConsumer(
                Direction.OUTBOUND,
                outbound.streamOf(platform),
                outbound.groupOf(platform),
                consumer);
        pipelines.add(
            settings(
                "outbound-" + platform,
                List.of(stream),
                Optional.empty(),
                Optional.of(platform),
                firstNumber + pipelines.size(),
                outbound.startFrom(),
                outbound.ordering()));
      }
    }
    return List.copyOf(pipelines);
  }

  /** The plain stream that one of the workers splits, if that is wanted. */
  public Optional<SplitSource> split() {
    InboundSpec inbound = spec.inbound();
    return inbound == null || inbound.splitStream().isEmpty()
        ? Optional.empty()
        : partitions(inbound)
            .map(
                partitions ->
                    new SplitSource(
                        inbound(inbound, partitions.stream()),
                        partitions,
                        inbound.startFrom(),
                        new HeaderScan(inbound.ordering().field()),
                        inbound.ordering().lockTtl()));
  }

  private StreamConsumer inbound(InboundSpec inbound, String stream) {
    return new StreamConsumer(Direction.INBOUND, stream, inbound.group(), consumer);
  }

  private static Optional<Partitions> partitions(InboundSpec inbound) {
    return Optional.ofNullable(inbound.partitions())
        .map(spec -> new Partitions(inbound.streams().getFirst(), spec.count()));
  }

  private PipelineSettings settings(
      String name,
      List<StreamConsumer> streams,
      Optional<Partitions> partitions,
      Optional<String> platform,
      int number,
      String startFrom,
      OrderingSpec ordering) {
    OutboundSpec outbound = spec.outbound();
    return new PipelineSettings(
        name,
        streams.getFirst().direction(),
        consumer,
        streams,
        partitions,
        platform,
        new LockToken(consumer, process, LockScope.of(streams.getFirst().consumerGroup()), number),
        startFrom,
        ordering,
        spec.read().block(),
        LiveSettings.of(spec, platform),
        spec.deadLetter(),
        spec.control(),
        new AnswerStreams(spec, streams),
        outbound == null ? OutboundSpec.DEFAULT_MAX_LENGTH : outbound.maxLength(),
        spec.workers().drainTimeout(),
        lifeBeforeIsKnown,
        nanoTime,
        clock,
        random);
  }
}
