package io.streamfleet.worker.pipeline;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OrderingSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.redis.group.LockScope;
import io.streamfleet.worker.channel.LockToken;
import io.streamfleet.worker.entry.StreamConsumer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Which pipelines a manifest asks for: one for all inbound streams, and one for each outbound
 * platform.
 *
 * @param consumer the name in the consumer groups
 * @param process drawn once for each process; see {@link LockToken}
 * @param lifeBeforeIsKnown whether it is known what the last process of this consumer's name had
 *     begun with when it died
 * @param nanoTime for durations
 * @param clock for times that people read
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
   * The pipelines, inbound before outbound, platforms in the manifest's order.
   *
   * @param firstNumber counts the pipelines of the process for their lock tokens: one that was
   *     given up before it began has had its number
   */
  public List<PipelineSettings> pipelines(int firstNumber) {
    List<PipelineSettings> pipelines = new ArrayList<>();
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      pipelines.add(
          settings(
              "inbound",
              inbound.streams().stream()
                  .map(s -> new StreamConsumer(Direction.INBOUND, s, inbound.group(), consumer))
                  .toList(),
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
                Optional.of(platform),
                firstNumber + pipelines.size(),
                outbound.startFrom(),
                outbound.ordering()));
      }
    }
    return List.copyOf(pipelines);
  }

  private PipelineSettings settings(
      String name,
      List<StreamConsumer> streams,
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
        lifeBeforeIsKnown,
        nanoTime,
        clock,
        random);
  }
}
