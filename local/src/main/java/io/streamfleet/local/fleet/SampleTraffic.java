package io.streamfleet.local.fleet;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.publish.Publisher;
import io.streamfleet.commands.publish.SampleMessages;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Publishes the messages of the command {@code publish} at a steady rate, until it is closed. */
public final class SampleTraffic implements AutoCloseable {

  /** Few enough that each appears within seconds. */
  private static final int CHANNELS = 4;

  /** Five hours of traffic: a fleet that runs for weeks must not run out of memory. */
  private static final long MAX_LENGTH = 100_000;

  /** Between two attempts while Redis refuses; leaves time to read why. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final RedisConnector connector;
  private final Link link;
  private final Publisher.Target target;
  private final SampleMessages messages;
  private final CountDownLatch closed = new CountDownLatch(1);

  private SampleTraffic(
      RedisConnector connector, Link link, Publisher.Target target, SampleMessages.Shape shape) {
    this.connector = connector;
    this.link = link;
    this.target = target;
    this.messages =
        new SampleMessages(shape, new SplittableRandom(), RandomGenerator.of("L64X128MixRandom"));
  }

  /**
   * Connects to Redis; publishes nothing yet. Messages are inbound ones from the fleet's platforms,
   * or outbound ones to its first platform if it has no inbound stream.
   *
   * @throws io.lettuce.core.RedisConnectionException when Redis can't be reached
   * @throws io.streamfleet.redis.UnreadableUrl when the URL is invalid
   */
  public static SampleTraffic to(String redisUrl, StreamConsumerGroupSpec spec) {
    RedisConnector connector =
        RedisConnector.to(RedisSettings.plain(redisUrl), /* nothing blocks */ Duration.ZERO);
    try {
      return new SampleTraffic(connector, connector.connect(), target(spec), shape(spec));
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  private static Publisher.Target target(StreamConsumerGroupSpec spec) {
    InboundSpec inbound = spec.inbound();
    return inbound == null
        ? Publisher.Target.plain(stream(spec), MAX_LENGTH)
        : Publisher.Target.inbound(inbound, MAX_LENGTH);
  }

  /** The stream to which messages are published. */
  public static String stream(StreamConsumerGroupSpec spec) {
    return spec.inbound() == null
        ? outbound(spec).streamOf(outbound(spec).platforms().getFirst())
        : spec.inbound().streams().getFirst();
  }

  private static SampleMessages.Shape shape(StreamConsumerGroupSpec spec) {
    if (spec.inbound() == null) {
      return new SampleMessages.Shape(
          List.of(outbound(spec).platforms().getFirst()), true, CHANNELS, 0);
    }
    List<String> platforms =
        spec.outbound() == null ? List.of("discord") : spec.outbound().platforms();
    return new SampleMessages.Shape(platforms, false, CHANNELS, 0);
  }

  /** A valid manifest has at least one direction. */
  private static OutboundSpec outbound(StreamConsumerGroupSpec spec) {
    return Objects.requireNonNull(spec.outbound());
  }

  /** Starts to publish at this rate. */
  public SampleTraffic start(int perSecond) {
    Thread.ofVirtual().name("sample-traffic").start(() -> publish(perSecond));
    return this;
  }

  private void publish(int perSecond) {
    try {
      do {
        new Publisher(link, target, Clock.systemUTC(), System::nanoTime)
            .publish(
                messages, new Publisher.Pace(0, perSecond), () -> closed.getCount() == 0, n -> {});
      } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    connector.close();
  }
}
